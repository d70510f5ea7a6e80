import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Outcome, RunRequest } from "../../model/hostProtocol.ts";
import { isPipelineFile, stepsOf, type Pipeline, type Step } from "../../model/pipeline.ts";
import type { BegunStep, EndedStep, PipelineLine, RemotePipeline } from "../../model/remotePipeline.ts";
import type { RemoteRun } from "../../model/remoteRun.ts";
import type { PipelineQueue } from "../engine.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import { isInside } from "../../runtime/files/isInside.ts";
import { UserError } from "../../model/userError.ts";
import { resumeRun } from "../history/resumeRun.ts";
import { withResumed } from "../history/withResumed.ts";
import { recordFile } from "../recordPlace.ts";
import type { StartRequest } from "../run.ts";
import type { EarlierStep } from "./earlierSteps.ts";
import type { StepBegun, StepBook } from "./stepBook.ts";
import type { StartStep } from "./stepStarter.ts";

/** Follows the steps of a pipeline that the workers of a queue begin by themselves, and has each recorded. */
export class QueuedSteps {
  readonly #queue: PipelineQueue;
  readonly #request: RunRequest;
  readonly #earlier: ReadonlyMap<string, EarlierStep>;
  readonly #start: StartStep;
  readonly #book: StepBook;
  readonly #steps = new Map<string, { step: Step; run: RemoteRun }>();
  /** By step, those that are known to have begun, or not to begin. */
  readonly #followed = new Map<string, Promise<void>>();
  /** What the queue tells of those that have ended. */
  readonly #ended = new Map<string, EndedStep>();
  /** Resolves once all that is known to have ended is recorded: what began after it is recorded after it. */
  #recorded: Promise<unknown> = Promise.resolve();

  /** @param earlier what is recorded of them, where the pipeline was left */
  constructor(
    queue: PipelineQueue,
    request: RunRequest,
    earlier: ReadonlyMap<string, EarlierStep>,
    start: StartStep,
    book: StepBook,
  ) {
    this.#queue = queue;
    this.#request = request;
    this.#earlier = earlier;
    this.#start = start;
    this.#book = book;
  }

  /** Null where it resumes a pipeline that is not in the queue. */
  async run(read: () => Promise<Pipeline>): Promise<Outcome | null> {
    const outcome = await this.#queue.run(this.#request, read, (line) => this.#hear(line));
    await Promise.all(this.#followed.values());
    return outcome;
  }

  #hear(line: PipelineLine): void {
    if ("pipeline" in line) this.#open(line.pipeline);
    else if ("begun" in line) this.#take(line.begun.id, (run) => this.#follow(run, line.begun));
    else this.#hearEnd(line.ended);
  }

  #hearEnd(ended: EndedStep): void {
    if (!this.#ended.has(ended.id)) this.#ended.set(ended.id, ended);
    this.#take(ended.id, () => Promise.resolve({ end: ended }));
    this.#recorded = Promise.allSettled([this.#recorded, this.#followed.get(ended.id)]);
  }

  #open({ steps, input, runs }: RemotePipeline): void {
    this.#book.open(steps, input?.value);
    for (const step of stepsOf(steps)) {
      const run = runs[step.id];
      if (run !== undefined) this.#steps.set(step.id, { step, run });
    }
  }

  /** What is told first of a step counts. */
  #take(id: string, begin: (run: RemoteRun) => Promise<StepBegun>): void {
    const known = this.#steps.get(id);
    if (known === undefined || this.#followed.has(id)) return;
    const before = this.#recorded;
    const begun = async () => {
      await before;
      return begin(known.run);
    };
    // The log of a step may be gone before that of its pipeline.
    const taken = this.#book.take(known.step, begun, (finished) =>
      finished.status === "interrupted" ? (this.#ended.get(id) ?? finished) : finished,
    );
    this.#followed.set(id, taken);
    // What goes wrong is told once the others have ended.
    taken.catch(() => undefined);
  }

  async #follow(run: RemoteRun, step: BegunStep): Promise<StepBegun> {
    const begun = await this.#begun(run, step);
    if ("run" in begun)
      void begun.run.finished.then(({ status }) => {
        if (status === "cancelled") void this.#queue.stepCancelled(this.#request.runId, step.id);
      });
    return begun;
  }

  async #begun(run: RemoteRun, step: BegunStep): Promise<StepBegun> {
    const request = this.#requestOf(run, step);
    const earlier = this.#earlier.get(step.id);
    if (earlier === undefined || !(await this.#isOf(earlier, run.runId))) {
      const isRecorded = existsSync(recordFile(request.root, run.runId));
      return { run: this.#start({ ...request, ...(!isRecorded && { id: run.runId }) }) };
    }
    const { asked, end } = earlier;
    const told = this.#ended.get(step.id)?.status;
    // A failure may be of this process alone, which could not follow it or tell that it is cancelled.
    if (end !== null && (end.status === "success" || end.status === told)) return { end };
    const start = ({ resumes }: Pick<StartRequest, "resumes">) => this.#start({ ...request, resumes });
    // What was not recorded of it is in the queue.
    if (holdsRedacted([asked.task, asked.args])) return { run: start({ resumes: asked.runId }) };
    return { run: await resumeRun(request.root, asked.runId, start, () => undefined, "pipeline") };
  }

  #requestOf(run: RemoteRun, { id, task, args }: BegunStep): StartRequest {
    const { root, runId } = this.#request;
    const { agent, retries, timeoutMs, memoryMb, logMb, resultMb } = run;
    const file = resolve(root, agent.file_path);
    if (!isInside(root, file)) throw new UserError(`its agent's file ${agent.file_path} is not in ${root}`);
    if (isPipelineFile(file)) throw new UserError(`its agent's file ${agent.file_path} is a pipeline`);
    return {
      ...{ root, file, name: agent.name, task, args, retries },
      ...{ timeoutMs: timeoutMs ?? undefined, memoryMb, logMb, resultMb },
      ...{ batch: runId, step: id, queuedAs: run.runId },
    };
  }

  /** Whether the record is of this run, or of one that followed it. */
  async #isOf({ asked }: EarlierStep, runId: string): Promise<boolean> {
    for await (const id of withResumed(this.#request.root, asked.runId)) if (id === runId) return true;
    return false;
  }
}
