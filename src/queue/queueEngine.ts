import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { formatAgentRef } from "../model/agentRef.ts";
import { folderPath } from "../model/folderPath.ts";
import { LiveState, type HostEvent, type Outcome, type RunRequest } from "../model/hostProtocol.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { PipelineJob, PipelineLine } from "../model/remotePipeline.ts";
import type { RemoteControl } from "../model/remoteRun.ts";
import type { Answer } from "../model/runRecord.ts";
import { mostPriority, usualPriority } from "../model/turn.ts";
import { asRunError } from "../runs/asRunError.ts";
import type { Engine, EngineWorker, PipelineQueue } from "../runs/engine.ts";
import { interrupted, notBegun } from "../runs/notBegun.ts";
import { Courier } from "./courier.ts";
import { FollowedRun, type FollowedFrom } from "./followedRun.ts";
import type { NewJob } from "./jobs.ts";
import { endJob } from "./logEnd.ts";
import { LogFollower } from "./logFollower.ts";
import { LostRuns } from "./lostRuns.ts";
import { MemoryExchange } from "./memory/memoryExchange.ts";
import { PipelineSteps } from "./pipeline/pipelineSteps.ts";
import type { Queue } from "./queue.ts";
import { isAway } from "./reach.ts";
import { RemoteRuns } from "./remoteRuns.ts";
import { ToldErrors } from "./toldErrors.ts";
import { controlOf, logOf, RUNS } from "./runLog.ts";
import { RunJobs } from "./runJobs.ts";

/** A worker hears of a cancel at once, and ends a run within 3 s; after so long there is none that does. */
const CANCEL_MS = 10_000;
/** A server that is away takes a job out of the queue only once it is back. */
const REMOVE_MS = 60_000;
const LIVE_MS = 4_000;
const LIVE_LOOK_MS = 100;

/** Runs agents on the machines whose workers take jobs of a queue. */
export class QueueEngine implements Engine {
  readonly #queue: Queue;
  readonly #follower: LogFollower;
  readonly #courier: Courier;
  readonly #remote = new RemoteRuns();
  readonly #jobs: RunJobs;
  readonly #lost: LostRuns;
  readonly #steps: PipelineSteps;
  /** By workspace folder. */
  readonly #memory = new Map<string, MemoryExchange>();
  /** By run id. */
  readonly #followed = new Map<string, FollowedRun>();
  /** Cancelled before it was known which job they are. */
  readonly #cancelled = new Set<string>();
  #disposed = false;

  /**
   * @param onError told where the queue cannot be reached; runs go on and are followed once it can
   * @param silentMs a run of which nothing is heard for so long is looked after; default: a minute
   */
  constructor(queue: Queue, onError: (error: unknown) => void, silentMs?: number) {
    this.#queue = queue;
    this.#follower = new LogFollower(queue.shared.logs, RUNS, onError);
    this.#courier = new Courier(queue.shared.files);
    this.#jobs = new RunJobs(queue);
    this.#steps = new PipelineSteps(queue);
    this.#lost = new LostRuns(queue, this.#followed, silentMs);
  }

  worker(root: string): Promise<EngineWorker> {
    return Promise.resolve({
      ...{ pid: process.pid, node: process.versions.node, tellsStart: true as const },
      run: (request, onEvent) => this.#run({ ...request, root }, onEvent),
      cancel: (runId) => this.#cancel(runId),
      answer: (runId, answer) => this.#answer(runId, answer),
      liveState: (runId) => this.#liveState(runId),
    });
  }

  get pipelines(): PipelineQueue {
    return {
      run: (request, read, hear) => this.#runPipeline(request, read, hear),
      cancel: (runId) => this.#cancel(runId),
      stepCancelled: async (runId, step) => {
        const job = this.#followed.get(runId)?.job;
        if (job !== undefined) await this.#steps.cancelled(job, step).catch(() => undefined);
      },
    };
  }

  /** Runs that are in the queue stay there: they are told as interrupted here, and can be followed again by who resumes them. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const followed of this.#followed.values()) followed.leave(leaving());
    this.#lost.close();
    await this.#follower.close();
    await this.#queue.close();
  }

  async #run(request: RunRequest, onEvent: (event: HostEvent) => void): Promise<Outcome> {
    if (this.#isDisposed()) return leaving();
    const left = await this.#jobs.left(request);
    const job = left ?? (await this.#jobs.next(request.runId));
    return this.#follow(job, request, { onEvent }, left === null ? () => this.#newJob(job, request) : null);
  }

  async #runPipeline(
    request: RunRequest,
    read: () => Promise<Pipeline>,
    onLine: (line: PipelineLine) => void,
  ): Promise<Outcome | null> {
    if (this.#isDisposed()) return leaving();
    const left = await this.#jobs.left(request);
    if (left === null && request.resumes !== undefined) return null;
    const job = left ?? (await this.#jobs.next(request.runId));
    const begin = left === null ? () => this.#newPipeline(job, request, read) : null;
    return this.#follow(job, request, { onLine }, begin);
  }

  /** @param begin what is to be put into the queue; null where that has it */
  async #follow(
    job: string,
    request: RunRequest,
    hears: Pick<FollowedFrom, "onEvent" | "onLine">,
    begin: (() => Promise<NewJob>) | null,
  ): Promise<Outcome> {
    const { root, runId, name } = request;
    const errors = new ToldErrors(this.#queue.shared.files, job, { root, agent: name, runId });
    const followed = new FollowedRun(job, { root, courier: this.#courier, errors, ...hears });
    this.#followed.set(runId, followed);
    try {
      if (this.#isDisposed()) return leaving();
      if (begin === null) await followed.enqueued(Promise.resolve());
      if (this.#cancelled.delete(runId)) void this.#cancel(runId);
      // It may end before that is done: where it is cancelled, or everything closes.
      this.#begin(root, followed, begin).catch((error: unknown) => {
        if (begin === null && isAway(error)) followed.leave(unfollowed(error));
        else followed.fail(error);
      });
      const outcome = await followed.ended;
      // Its worker does not know of those before it, and we not of the time before we followed it.
      const durationMs = Math.max(outcome.durationMs, followed.atWorkMs);
      const warnings = followed.isLeft ? [] : await this.#memoryOf(root).bring(followed.memory);
      return { ...outcome, durationMs, warnings: [...new Set([...outcome.warnings, ...warnings])] };
    } finally {
      this.#follower.leave(logOf(job));
      if (followed.isAsked && !followed.isLeft) this.#forget(job);
      this.#followed.delete(runId);
    }
  }

  /** Also while it is run. */
  #isDisposed(): boolean {
    return this.#disposed;
  }

  async #begin(root: string, followed: FollowedRun, begin: (() => Promise<NewJob>) | null): Promise<void> {
    const job = (await begin?.()) ?? null;
    await this.#follower.follow(logOf(followed.job), (lines) => followed.hear(lines), job !== null);
    if (job === null) return;
    for (const sentence of await this.#memoryOf(root).send()) followed.warn(sentence);
    if (followed.isEnded) return;
    await followed.enqueued(this.#queue.jobs.add(job));
  }

  async #newJob(id: string, request: RunRequest): Promise<NewJob> {
    const data = await this.#remote.ofRun(request);
    const { root, checkpoint, priority = usualPriority } = request;
    if (checkpoint !== null) await this.#courier.send(root, checkpoint);
    const title = formatAgentRef({ file: data.agent.file_path, name: data.agent.name });
    return { id, title, data, priority, delayMs: 0 };
  }

  async #newPipeline(id: string, request: RunRequest, read: () => Promise<Pipeline>): Promise<NewJob> {
    const pipeline = await this.#remote.ofPipeline(request, await read());
    const line: PipelineLine = { pipeline };
    await this.#queue.shared.logs.append(logOf(id), null, [JSON.stringify(line)]);
    const data: PipelineJob = { format: 1, kind: "pipeline" };
    const title = folderPath(request.root, request.file);
    // It takes a moment, and its steps have their turn.
    return { id, title, data, priority: mostPriority, delayMs: 0 };
  }

  #memoryOf(root: string): MemoryExchange {
    const memory = this.#memory.get(root) ?? new MemoryExchange(this.#queue.shared.files, root);
    this.#memory.set(root, memory);
    return memory;
  }

  async #cancel(runId: string): Promise<void> {
    const followed = this.#followed.get(runId);
    if (followed === undefined) {
      this.#cancelled.add(runId);
      return;
    }
    try {
      await (followed.isPipeline ? this.#endPipeline(followed) : this.#tellCancel(followed));
    } catch (error) {
      followed.leave({ ...notBegun, warnings: [unheard(error)] });
    }
  }

  /** Rejects with a UserError where the server stays away. */
  async #tellCancel(followed: FollowedRun): Promise<void> {
    const { job, ended, queued } = followed;
    // It is not put there any more.
    if (queued === null) {
      followed.end(notBegun);
      return;
    }
    await Promise.race([queued, sleep(REMOVE_MS, undefined, { ref: false })]);
    // For whoever has it, or takes it from now on.
    await this.#ask(followed, { type: "cancel" });
    const { jobs } = this.#queue;
    const isThere = await Promise.race([jobs.has(job), sleep(REMOVE_MS, true, { ref: false })]);
    if (!isThere) return this.#lost.look(followed);
    const removing = jobs.remove(job);
    if (await Promise.race([removing, sleep(REMOVE_MS, false, { ref: false })])) {
      if (await this.#close(job)) followed.end(notBegun);
      return;
    }
    const late = sleep(CANCEL_MS, "late", { ref: false });
    if ((await Promise.race([ended, late])) !== "late") return;
    if (await this.#close(job)) followed.end({ ...notBegun, stopped: "process" });
  }

  /** No step begins any more; what began before is told before that. */
  async #endPipeline(followed: FollowedRun): Promise<void> {
    const { job, ended, queued } = followed;
    if (queued === null) {
      followed.end(notBegun);
      return;
    }
    await this.#close(job);
    await this.#steps.cancel(job);
    const late = sleep(CANCEL_MS, "late", { ref: false });
    if ((await Promise.race([ended, late])) === "late") followed.end(notBegun);
  }

  #close(job: string): Promise<boolean> {
    return endJob(this.#queue.shared.logs, job, notBegun);
  }

  async #answer(runId: string, answer: Answer): Promise<boolean> {
    const followed = this.#followed.get(runId);
    if (followed === undefined) return false;
    await this.#ask(followed, { type: "answer", answer });
    return true;
  }

  async #liveState(runId: string): Promise<LiveState | null> {
    const followed = this.#followed.get(runId);
    if (followed === undefined) return null;
    const asked = randomUUID();
    await this.#ask(followed, { type: "liveState", asked });
    const until = Date.now() + LIVE_MS;
    while (Date.now() < until) {
      await sleep(LIVE_LOOK_MS);
      const file = await this.#queue.shared.files.get(`live/${asked}`);
      if (file !== null)
        return LiveState.nullable().parse(JSON.parse(Buffer.from(file.bytes).toString("utf8")));
    }
    return null;
  }

  async #ask(followed: FollowedRun, control: RemoteControl): Promise<void> {
    followed.isAsked = true;
    await this.#queue.shared.logs.append(controlOf(followed.job), null, [JSON.stringify(control)]);
  }

  /** What it was asked and answered. Where the server is away that stays there until it runs out. */
  #forget(job: string): void {
    this.#queue.shared.logs.remove([controlOf(job)]).catch(() => undefined);
  }
}

const unheard = (error: unknown): string =>
  `The queue was not told that this run is cancelled, and a worker may go on with it; runs resume with --queue follows it again. ${asRunError(error).message}`;

const unfollowed = (error: unknown): Outcome =>
  interrupted(`it goes on in the queue and cannot be followed: ${asRunError(error).message}`);

const leaving = () => interrupted("this process left; the run goes on in the queue");
