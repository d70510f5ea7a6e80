import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { formatAgentRef } from "../model/agentRef.ts";
import { folderPath } from "../model/folderPath.ts";
import { LiveState, type HostEvent, type Outcome, type RunRequest } from "../model/hostProtocol.ts";
import { mostTaskBytes, type RemoteControl, type RemoteRun } from "../model/remoteRun.ts";
import type { Answer } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { CodeVersions } from "../runs/codeVersions.ts";
import { asRunError } from "../runs/asRunError.ts";
import type { Engine, EngineWorker } from "../runs/engine.ts";
import { interrupted, notBegun } from "../runs/notBegun.ts";
import { Courier } from "./courier.ts";
import { FollowedRun } from "./followedRun.ts";
import { LogFollower } from "./logFollower.ts";
import { LostRuns } from "./lostRuns.ts";
import { MemoryExchange } from "./memory/memoryExchange.ts";
import type { Queue } from "./queue.ts";
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
  readonly #codeVersions = new CodeVersions();
  readonly #jobs: RunJobs;
  readonly #lost: LostRuns;
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
    const followed = this.#followedFrom(job, request, onEvent);
    this.#followed.set(request.runId, followed);
    try {
      if (this.#isDisposed()) return leaving();
      if (left !== null) await followed.enqueued(Promise.resolve());
      if (this.#cancelled.delete(request.runId)) void this.#cancel(request.runId);
      // It may end before that is done: where it is cancelled, or everything closes.
      this.#begin(request, followed, left === null).catch((error: unknown) => followed.fail(error));
      const outcome = await followed.ended;
      // Its worker does not know of those before it, and we not of the time before we followed it.
      const durationMs = Math.max(outcome.durationMs, followed.atWorkMs);
      const memory = this.#memoryOf(request.root);
      const warnings = followed.isLeft ? [] : await memory.bring(followed.memory);
      return { ...outcome, durationMs, warnings: [...new Set([...outcome.warnings, ...warnings])] };
    } finally {
      this.#follower.leave(logOf(job));
      if (followed.isAsked && !followed.isLeft) this.#forget(job);
      this.#followed.delete(request.runId);
    }
  }

  #followedFrom(job: string, request: RunRequest, onEvent: (event: HostEvent) => void): FollowedRun {
    const { root, runId, name } = request;
    const errors = new ToldErrors(this.#queue.shared.files, job, { root, agent: name, runId });
    return new FollowedRun(job, { root, courier: this.#courier, errors, onEvent });
  }

  /** Also while it is run. */
  #isDisposed(): boolean {
    return this.#disposed;
  }

  async #begin(request: RunRequest, followed: FollowedRun, isNew: boolean): Promise<void> {
    const { job } = followed;
    const data = isNew ? await this.#remote(request) : null;
    await this.#follower.follow(logOf(job), (lines) => followed.hear(lines), isNew);
    if (data === null) return;
    for (const sentence of await this.#memoryOf(request.root).send()) followed.warn(sentence);
    const { root, checkpoint, priority = 0 } = request;
    if (checkpoint !== null) await this.#courier.send(root, checkpoint);
    if (followed.isEnded) return;
    const title = formatAgentRef({ file: data.agent.file_path, name: data.agent.name });
    await followed.enqueued(this.#queue.jobs.add({ id: job, title, data, priority, delayMs: 0 }));
  }

  #memoryOf(root: string): MemoryExchange {
    const memory = this.#memory.get(root) ?? new MemoryExchange(this.#queue.shared.files, root);
    this.#memory.set(root, memory);
    return memory;
  }

  async #remote(request: RunRequest): Promise<RemoteRun> {
    const { runId, root, file, name, task, args, retries, timeoutMs, memoryMb, logMb, resultMb } = request;
    const { checkpoint, tool, shared, switchedTools, together } = request;
    const size = Buffer.byteLength(JSON.stringify([task, args, shared]));
    if (size > mostTaskBytes)
      throw new UserError(
        `The task is larger than what a queue takes (${size.toLocaleString("en")} of ${mostTaskBytes.toLocaleString("en")} bytes): let the agent read it from a file that its workers have.`,
      );
    const code = await this.#codeVersions.of(file);
    return {
      ...{ format: 1, runId, agent: { file_path: folderPath(root, file), name } },
      ...{ task, args, retries, timeoutMs, memoryMb, logMb, resultMb, checkpoint },
      ...(tool !== undefined && { tool }),
      ...(shared !== undefined && { shared }),
      ...(switchedTools !== undefined && { switchedTools }),
      ...(together !== undefined && { together }),
      ...(code !== null && { code }),
    };
  }

  async #cancel(runId: string): Promise<void> {
    const followed = this.#followed.get(runId);
    if (followed === undefined) {
      this.#cancelled.add(runId);
      return;
    }
    try {
      await this.#tellCancel(followed);
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

  /** So that no worker that is still at it can tell anything. Answers false where it has ended. */
  async #close(job: string): Promise<boolean> {
    const { logs } = this.#queue.shared;
    const claim = await logs.claim(logOf(job));
    return logs.append(logOf(job), claim, [JSON.stringify({ end: notBegun })], { closes: true });
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

const leaving = () => interrupted("this process left; the run goes on in the queue");
