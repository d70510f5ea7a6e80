import type { Outcome } from "../../model/hostProtocol.ts";
import { inputKey, type Step } from "../../model/pipeline.ts";
import {
  pipelineLine,
  type BegunStep,
  type EndedStep,
  type RemotePipeline,
} from "../../model/remotePipeline.ts";
import { endOf } from "../../model/remoteRun.ts";
import { stepError, type StepFailure } from "../../runs/pipeline/pipelineEnd.ts";
import { stepsInTurn, type StepsInTurn, type StepState } from "../../runs/pipeline/stepOrder.ts";

/** What the log of a pipeline tells. */
export class PipelineState {
  readonly pipeline: RemotePipeline;
  /** Null where it goes on. */
  readonly end: Outcome | null;
  readonly #begun = new Map<string, BegunStep>();
  readonly #ended = new Map<string, EndedStep>();

  private constructor(pipeline: RemotePipeline, lines: readonly string[]) {
    this.pipeline = pipeline;
    this.end = endOf(lines);
    for (const text of lines) {
      const line = pipelineLine(text);
      if (line === null) continue;
      if ("begun" in line) this.#hear(this.#begun, line.begun);
      if ("ended" in line) this.#hear(this.#ended, line.ended);
    }
  }

  /** Null where the log is none of a pipeline, or gone. */
  static of(lines: readonly string[]): PipelineState | null {
    const first = pipelineLine(lines[0] ?? "");
    return first !== null && "pipeline" in first ? new PipelineState(first.pipeline, lines) : null;
  }

  get inTurn(): StepsInTurn {
    return stepsInTurn(this.pipeline.steps, (step) => this.#stateOf(step));
  }

  /** Those that were begun and have not ended. */
  get atWork(): BegunStep[] {
    return [...this.#begun.values()].filter(({ id }) => !this.#ended.has(id));
  }

  /** What the pipeline was given, and what its steps gave, by step. */
  get results(): Map<string, unknown> {
    const results = new Map<string, unknown>();
    const { input } = this.pipeline;
    if (input !== null) results.set(inputKey, input.value);
    for (const { id, status, output } of this.#ended.values())
      if (status === "success") results.set(id, output ?? {});
    return results;
  }

  get failures(): StepFailure[] {
    return [...this.#ended.values()]
      .filter(({ status }) => status !== "success" && status !== "interrupted")
      .map((ended) => ({ step: ended.id, error: stepError(ended) }));
  }

  /** The first step that was interrupted. */
  get interrupted(): EndedStep | null {
    return [...this.#ended.values()].find(({ status }) => status === "interrupted") ?? null;
  }

  #hear<Told extends { id: string }>(known: Map<string, Told>, told: Told): void {
    if (Object.hasOwn(this.pipeline.runs, told.id) && !known.has(told.id)) known.set(told.id, told);
  }

  #stateOf({ id, continueOnFailure }: Step): StepState {
    const ended = this.#ended.get(id);
    if (ended === undefined) return this.#begun.has(id) ? "atWork" : "unbegun";
    const goesOn =
      ended.status === "success" || (ended.status !== "interrupted" && continueOnFailure === true);
    return goesOn ? "ended" : "stops";
  }
}
