import type { HostEvent, Outcome, RunRequest } from "../../model/hostProtocol.ts";
import { inputKey, stepsOf, type PipelineNode, type Step } from "../../model/pipeline.ts";
import type { Finished, RunError } from "../../model/runRecord.ts";
import { UserError } from "../../model/userError.ts";
import type { Engine, EngineWorker } from "../engine.ts";
import type { Run } from "../run.ts";
import { earlierSteps } from "./earlierSteps.ts";
import { readPipeline } from "./readPipeline.ts";
import { StepStarter, type StartStep } from "./stepStarter.ts";

interface Parts {
  start: StartStep;
  /** The run of the pipeline that this one resumes. */
  resumes: string | undefined;
  /** Aborts when everything ends: then the pipeline is interrupted, and can be resumed. */
  closing: AbortSignal;
}

interface Failure {
  step: string;
  error: RunError;
}

/**
 * Runs one pipeline once, in this process: its run is recorded as those of agents are, and so is each of its steps, which
 * are told apart by `step` and belong together by `batch`, the id of the pipeline's run.
 */
export class PipelineEngine implements Engine, EngineWorker {
  readonly pid = process.pid;
  readonly node = process.versions.node;
  readonly #parts: Parts;
  /** By step, and what the pipeline was given. */
  readonly #results = new Map<string, unknown>();
  readonly #running = new Map<string, Run | null>();
  readonly #failures: Failure[] = [];
  #ended = 0;
  #total = 0;
  #interrupted: string | null = null;
  #cancelled = false;
  /** Nothing further begins. */
  #stopped = false;
  #emit: (event: HostEvent) => void = () => undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  worker(): Promise<EngineWorker> {
    return Promise.resolve(this);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  answer(): Promise<boolean> {
    return Promise.resolve(false);
  }

  liveState(): Promise<null> {
    return Promise.resolve(null);
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#stopped = true;
    const running = [...this.#running.values()].filter((run) => run !== null);
    await Promise.all(running.map((run) => run.cancel()));
  }

  async run(request: RunRequest, onEvent: (event: HostEvent) => void): Promise<Outcome> {
    const startedAt = performance.now();
    this.#emit = onEvent;
    const pipeline = await readPipeline(request.root, request.file);
    const { resumes, start } = this.#parts;
    const earlier = resumes === undefined ? new Map() : await earlierSteps(request.root, resumes);
    // A record always has a task: null stands for none.
    const input = request.task ?? pipeline.input;
    if (input !== undefined) this.#results.set(inputKey, input);
    this.#total = stepsOf(pipeline.steps).length;
    await this.#all(pipeline.steps, new StepStarter(request, earlier, start));
    return { ...this.#end(), durationMs: Math.round(performance.now() - startedAt) };
  }

  async #all(list: readonly PipelineNode[], starter: StepStarter): Promise<void> {
    for (const node of list) {
      if ("parallel" in node) await Promise.all(node.parallel.map((inner) => this.#all([inner], starter)));
      else if ("sequence" in node) await this.#all(node.sequence, starter);
      else await this.#step(node, starter);
    }
  }

  async #step(step: Step, starter: StepStarter): Promise<void> {
    if (this.#stopped || this.#parts.closing.aborted) return;
    this.#running.set(step.id, null);
    this.#tell();
    try {
      const begun = await starter.begin(step, this.#results);
      if ("output" in begun) this.#results.set(step.id, begun.output);
      else await this.#follow(step, begun.run);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#fail(step, { name: error.name, message: error.message });
    }
    this.#running.delete(step.id);
    this.#ended += 1;
    this.#tell();
  }

  async #follow(step: Step, run: Run): Promise<void> {
    this.#running.set(step.id, run);
    run.onEvent((event) => {
      if (event.type === "usage") this.#emit({ type: "usage", tokens: event.tokens, cost: event.cost });
    });
    if (this.#cancelled) await run.cancel();
    this.#conclude(step, await run.finished);
  }

  #conclude(step: Step, { status, output, error }: Finished): void {
    if (status === "success") this.#results.set(step.id, output ?? {});
    else if (status === "interrupted") {
      this.#stopped = true;
      this.#interrupted ??= `The step "${step.id}" was interrupted${error === undefined ? "." : `: ${error.message}`}`;
    } else this.#fail(step, error ?? { name: "Error", message: `It was ${status}.` });
  }

  #fail(step: Step, error: RunError): void {
    this.#failures.push({ step: step.id, error });
    if (step.continueOnFailure !== true) this.#stopped = true;
  }

  /** What is at work, and how much is done. */
  #tell(): void {
    const message = [...this.#running.keys()].join(", ");
    this.#emit({
      type: "progress",
      ...(message !== "" && { message }),
      fraction: this.#ended / this.#total,
    });
  }

  #end(): Outcome {
    const common = { checkpointId: null, attempts: 1, durationMs: 0, warnings: [] };
    if (this.#cancelled) return { status: "cancelled", ...common };
    const interrupted =
      this.#interrupted ?? (this.#parts.closing.aborted ? "It ended with the process that ran it." : null);
    if (interrupted !== null)
      return { status: "interrupted", error: { name: "InterruptedError", message: interrupted }, ...common };
    if (this.#failures.length > 0) return { status: "failed", error: failureOf(this.#failures), ...common };
    this.#results.delete(inputKey);
    return { status: "success", output: Object.fromEntries(this.#results), ...common };
  }
}

function failureOf(failures: readonly Failure[]): RunError {
  const told = failures.map(
    ({ step, error }) => `"${step}": ${error.name === "UserError" ? "" : `${error.name}: `}${error.message}`,
  );
  const [first = ""] = told;
  const message =
    failures.length === 1 ? `The step ${first}` : `${failures.length} steps failed. ${told.join("\n")}`;
  return { name: "StepError", message };
}
