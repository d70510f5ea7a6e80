import type { RunRequest } from "../model/hostProtocol.ts";
import { remoteLine } from "../model/remoteRun.ts";
import { UNUSED_LASTS_MS } from "./keeping.ts";
import type { Queue } from "./queue.ts";
import { jobId, logOf } from "./runLog.ts";
import { wholeLog } from "./wholeLog.ts";

const JOB = /^[\w-]{1,64}\.\d{1,9}$/;
const nameOf = (runId: string): string => `current/${runId}`;

/**
 * Which job a run has now, so that whoever resumes it finds what its process left. It is the run's first one, unless the store
 * names another.
 */
export class RunJobs {
  readonly #queue: Queue;
  /** How many jobs of its own each run of this process had. */
  readonly #own = new Map<string, number>();

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** A new one of the run. */
  async next(runId: string): Promise<string> {
    const before = this.#own.get(runId);
    const job = jobId(runId, (before ?? 0) + 1);
    this.#own.set(runId, (before ?? 0) + 1);
    if (before !== undefined) await this.#name(runId, job);
    return job;
  }

  /**
   * The one of the run that is resumed, and from now on of the run that resumes it, where that goes on, or ended and nobody
   * heard of it. Null where the run is to be executed anew.
   */
  async left({ runId, resumes, unheard }: RunRequest): Promise<string | null> {
    if (resumes === undefined || this.#own.has(runId)) return null;
    const job = await this.#current(resumes);
    if (!(await this.#isLeft(job, unheard === true))) return null;
    this.#own.set(runId, 0);
    await this.#name(runId, job);
    return job;
  }

  async #isLeft(job: string, isUnheard: boolean): Promise<boolean> {
    if (await this.#queue.jobs.has(job)) return true;
    const last = (await wholeLog(this.#queue.shared.logs, logOf(job))).at(-1);
    const line = last === undefined ? null : remoteLine(last);
    if (line === null || !("end" in line)) return false;
    const { status } = line.end;
    return status === "success" || (isUnheard && status !== "interrupted");
  }

  async #current(runId: string): Promise<string> {
    const named = await this.#queue.shared.files.get(nameOf(runId));
    const job = named === null ? "" : Buffer.from(named.bytes).toString("utf8");
    return JOB.test(job) ? job : jobId(runId, 1);
  }

  async #name(runId: string, job: string): Promise<void> {
    await this.#queue.shared.files.put(nameOf(runId), Buffer.from(job), { lastsMs: UNUSED_LASTS_MS });
  }
}
