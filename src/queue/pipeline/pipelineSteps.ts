import { setTimeout as sleep } from "node:timers/promises";
import { formatAgentRef } from "../../model/agentRef.ts";
import type { Outcome } from "../../model/hostProtocol.ts";
import type { Step } from "../../model/pipeline.ts";
import type { BegunStep, EndedStep, PipelineLine } from "../../model/remotePipeline.ts";
import { refuseLargeTask, type RemoteControl, type RemoteRun } from "../../model/remoteRun.ts";
import { UserError } from "../../model/userError.ts";
import { notBegun } from "../../runs/notBegun.ts";
import { endAfter, interruptedEnd, stepInterrupted } from "../../runs/pipeline/pipelineEnd.ts";
import { withResults } from "../../runs/pipeline/references.ts";
import type { Jobs, TakenJob } from "../jobs.ts";
import { endJob, endOfJob } from "../logEnd.ts";
import { isAway } from "../reach.ts";
import { controlOf, jobId, logOf } from "../runLog.ts";
import type { SharedLogs } from "../sharedLogs.ts";
import { wholeLog } from "../wholeLog.ts";
import { toldText } from "../worker/toldText.ts";
import { PipelineState } from "./pipelineState.ts";

const LOOK_AGAIN_MS = 100;
const GIVEN_UP = "The queue gave it up: no worker could tell how it ended.";

interface QueueOfSteps {
  jobs: Pick<Jobs, "add" | "has" | "remove">;
  shared: { logs: SharedLogs };
}

/**
 * Begins the steps of pipelines. Whoever ends a step begins what follows it; all of that may be done by several workers at once, and
 * again where one dies, as nothing counts that is told twice.
 */
export class PipelineSteps {
  readonly #queue: QueueOfSteps;

  constructor(queue: QueueOfSteps) {
    this.#queue = queue;
  }

  /** Takes the job of a pipeline itself, which waits for its steps. */
  async take(job: TakenJob): Promise<void> {
    while (!(await this.lookAfter(job.id))) {
      await job.awaitParts();
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /**
   * Looks for steps that nobody is at work on any more, and whose end no worker told: they were cancelled where they waited, or given up by
   * the queue. Answers whether the pipeline has ended.
   */
  async lookAfter(pipeline: string): Promise<boolean> {
    const state = await this.#stateOf(pipeline);
    if (state === null) return this.#goOn(pipeline);
    for (const step of state.end === null ? state.atWork : []) {
      const job = jobOf(state, step.id);
      const end =
        (await endOfJob(this.#queue.shared.logs, job)) ?? (await this.#endOfMissing(pipeline, state, step));
      if (end !== null) await this.#tellEnded(pipeline, { id: step.id, ...end });
    }
    return this.#goOn(pipeline);
  }

  /** Cancels what was begun of a pipeline. Its log is to be closed before, so that nothing begins any more. */
  async cancel(pipeline: string): Promise<void> {
    const state = await this.#stateOf(pipeline);
    if (state === null) return;
    await Promise.all(state.atWork.map(({ id }) => this.#takeBack(jobOf(state, id))));
  }

  /** To be called when a step was cancelled: where it waited, no worker tells that it has ended. */
  async cancelled(pipeline: string, id: string): Promise<void> {
    const state = await this.#stateOf(pipeline);
    if (state === null || state.end !== null) return;
    const job = jobOf(state, id);
    await this.#takeBack(job);
    const end = await endOfJob(this.#queue.shared.logs, job);
    if (end !== null) await this.ended({ pipeline, id }, end);
  }

  /**
   * To be called when a step has ended, before its job does.
   * @param isAgain whoever had it before may have died while it began what follows
   */
  async ended(
    { pipeline, id }: NonNullable<RemoteRun["step"]>,
    outcome: Outcome,
    isAgain = false,
  ): Promise<void> {
    await this.#tellEnded(pipeline, { id, ...outcome });
    await (isAgain ? this.lookAfter(pipeline) : this.#goOn(pipeline));
  }

  /** Answers whether the pipeline has ended. */
  async #goOn(pipeline: string): Promise<boolean> {
    let begun = new Set<string>();
    for (;;) {
      const state = await this.#stateOf(pipeline);
      if (state === null) {
        await this.#tell(pipeline, JSON.stringify({ end: unknownVersion }), true);
        return true;
      }
      if (state.end !== null) return true;
      const { begin, isOver } = state.inTurn;
      if (isOver) {
        await this.#end(pipeline, state);
        return true;
      }
      const isToBeAdded = ({ id }: BegunStep) => begun.has(id);
      await Promise.all(state.atWork.filter(isToBeAdded).map((step) => this.#add(pipeline, state, step)));
      if (begin.length === 0) return false;
      await Promise.all(begin.map((step) => this.#begin(pipeline, state, step)));
      begun = new Set(begin.map(({ id }) => id));
    }
  }

  async #begin(pipeline: string, { results }: PipelineState, { id, task, args = [] }: Step): Promise<void> {
    try {
      const begun = { id, task: withResults(task, results), args: withResults(args, results) as unknown[] };
      refuseLargeTask([begun, Object.fromEntries(results)]);
      await this.#tell(pipeline, JSON.stringify({ begun } satisfies PipelineLine));
    } catch (error) {
      if (!(error instanceof UserError) || isAway(error)) throw error;
      const { name, message } = error;
      await this.#tellEnded(pipeline, { id, status: "failed", error: { name, message } });
    }
  }

  /** Where it is in the queue already, it stays as it is. */
  async #add(pipeline: string, state: PipelineState, { id, task, args }: BegunStep): Promise<void> {
    const { runs, priority } = state.pipeline;
    const run = runs[id];
    if (run === undefined) return;
    const shared = Object.fromEntries(state.results);
    const data: RemoteRun = { ...run, task, args, shared, step: { pipeline, id } };
    const title = formatAgentRef({ file: run.agent.file_path, name: run.agent.name });
    await this.#queue.jobs.add({
      ...{ id: jobOf(state, id), title, data, priority, delayMs: 0, parent: pipeline },
    });
  }

  /** Where its log is closed it never begins, even if it is put into the queue after that. */
  async #takeBack(job: string): Promise<void> {
    if ((await endOfJob(this.#queue.shared.logs, job)) !== null) return;
    if (await this.#queue.jobs.remove(job)) {
      await endJob(this.#queue.shared.logs, job, notBegun);
      return;
    }
    const cancel: RemoteControl = { type: "cancel" };
    await this.#queue.shared.logs.append(controlOf(job), null, [JSON.stringify(cancel)]);
  }

  /** Null where it is in the queue, from now on at the latest: it may not have been put there yet. */
  async #endOfMissing(pipeline: string, state: PipelineState, step: BegunStep): Promise<Outcome | null> {
    const job = jobOf(state, step.id);
    const { jobs } = this.#queue;
    if (await jobs.has(job)) return null;
    await this.#add(pipeline, state, step);
    return (await jobs.has(job)) ? null : this.#giveUp(job);
  }

  async #giveUp(job: string): Promise<Outcome> {
    const { logs } = this.#queue.shared;
    const end: Outcome = { ...notBegun, status: "failed", error: { name: "UserError", message: GIVEN_UP } };
    await endJob(logs, job, end);
    // BullMQ on Redis would have its pipeline wait for it without end, as it was added once more.
    await this.#queue.jobs.remove(job);
    return (await endOfJob(logs, job)) ?? end;
  }

  async #stateOf(pipeline: string): Promise<PipelineState | null> {
    return PipelineState.of(await wholeLog(this.#queue.shared.logs, logOf(pipeline)));
  }

  async #end(pipeline: string, { failures, interrupted }: PipelineState): Promise<void> {
    const end =
      interrupted === null
        ? endAfter(failures)
        : interruptedEnd(stepInterrupted(interrupted.id, interrupted.error));
    await this.#tell(pipeline, JSON.stringify({ end }), true);
  }

  async #tellEnded(pipeline: string, { id, status, output, error }: EndedStep): Promise<void> {
    const ended: EndedStep = {
      ...{ id, status, ...(output !== undefined && { output }), ...(error !== undefined && { error }) },
    };
    await this.#tell(pipeline, toldText({ ended } satisfies PipelineLine));
  }

  /** Where the pipeline has ended that changes nothing. */
  async #tell(pipeline: string, line: string, closes = false): Promise<void> {
    await this.#queue.shared.logs.append(logOf(pipeline), null, [line], { closes });
  }
}

const unknownVersion: Outcome = {
  ...{ ...notBegun, status: "failed" },
  error: {
    name: "UserError",
    message: "The pipeline is of another version of opsvi-agents than its worker: use one version.",
  },
};

const jobOf = ({ pipeline }: PipelineState, step: string): string =>
  jobId(pipeline.runs[step]?.runId ?? "", 1);
