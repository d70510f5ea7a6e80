import type { HostEvent, Outcome } from "../../model/hostProtocol.ts";
import { inputKey, stepsOf, type PipelineNode, type Step } from "../../model/pipeline.ts";
import type { Finished, RunError } from "../../model/runRecord.ts";
import { UserError } from "../../model/userError.ts";
import type { Run } from "../run.ts";
import {
  cancelledEnd,
  endAfter,
  interruptedEnd,
  stepError,
  stepInterrupted,
  type StepFailure,
} from "./pipelineEnd.ts";

export type StepEnd = Pick<Finished, "status" | "output" | "error">;
/** The run of a step, or how it ended before. */
export type StepBegun = { run: Run } | { end: StepEnd };

/** What becomes of the steps of a pipeline. */
export class StepBook {
  /** By step, and what the pipeline was given. */
  readonly results = new Map<string, unknown>();
  readonly #running = new Map<string, Run | null>();
  readonly #failures: StepFailure[] = [];
  readonly #emit: (event: HostEvent) => void;
  #ended = 0;
  #total = 0;
  #interrupted: string | null = null;
  #cancelled = false;
  #isStopped = false;

  /** @param emit told what is at work, and what the steps use */
  constructor(emit: (event: HostEvent) => void) {
    this.#emit = emit;
  }

  /** Nothing further begins. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** @param input undefined where it is given nothing */
  open(steps: readonly PipelineNode[], input: unknown): void {
    this.#total = stepsOf(steps).length;
    if (input !== undefined) this.results.set(inputKey, input);
  }

  /**
   * Resolves once the step has ended.
   * @param begin may reject with a UserError
   * @param endOf how it ended, where its run may not know
   */
  async take(
    step: Step,
    begin: () => Promise<StepBegun>,
    endOf: (finished: Finished) => StepEnd = (finished) => finished,
  ): Promise<void> {
    this.#running.set(step.id, null);
    this.#tell();
    try {
      const begun = await begin();
      this.#conclude(step, "end" in begun ? begun.end : endOf(await this.#follow(step, begun.run)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#fail(step, { name: error.name, message: error.message });
    }
    this.#running.delete(step.id);
    this.#ended += 1;
    this.#tell();
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#isStopped = true;
    const running = [...this.#running.values()].filter((run) => run !== null);
    await Promise.all(running.map((run) => run.cancel()));
  }

  /** To be called once all have ended. @param closing whether everything does */
  end(closing: boolean): Outcome {
    if (this.#cancelled) return cancelledEnd;
    const interrupted = this.#interrupted ?? (closing ? "It ended with the process that ran it." : null);
    if (interrupted !== null) return interruptedEnd(interrupted);
    this.results.delete(inputKey);
    return endAfter(this.#failures, Object.fromEntries(this.results));
  }

  async #follow(step: Step, run: Run): Promise<Finished> {
    this.#running.set(step.id, run);
    run.onEvent((event) => {
      if (event.type === "usage") this.#emit({ type: "usage", tokens: event.tokens, cost: event.cost });
    });
    if (this.#cancelled) await run.cancel();
    return run.finished;
  }

  #conclude(step: Step, end: StepEnd): void {
    const { status, output, error } = end;
    if (status === "success") this.results.set(step.id, output ?? {});
    else if (status === "interrupted") {
      this.#isStopped = true;
      this.#interrupted ??= stepInterrupted(step.id, error);
    } else this.#fail(step, stepError(end));
  }

  #fail(step: Step, error: RunError): void {
    this.#failures.push({ step: step.id, error });
    if (step.continueOnFailure !== true) this.#isStopped = true;
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
}
