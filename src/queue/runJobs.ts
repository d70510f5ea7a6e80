import type { Outcome, RunRequest } from "../model/hostProtocol.ts";
import type { RunEvent } from "../model/runRecord.ts";
import { readRun } from "../runs/readRun.ts";
import { withResumed } from "../runs/history/withResumed.ts";
import { UNUSED_LASTS_MS } from "./keeping.ts";
import type { Queue } from "./queue.ts";
import { endOfJob } from "./logEnd.ts";
import { jobId } from "./runLog.ts";

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
   * heard of it; also the one that somebody else has put there for it. Null where the run is to be executed anew.
   */
  async left(request: RunRequest): Promise<string | null> {
    const { runId, queuedAs } = request;
    if (this.#own.has(runId)) return null;
    const job = queuedAs === undefined ? await this.#leftBefore(request) : jobId(queuedAs, 1);
    if (job === null) return null;
    this.#own.set(runId, 0);
    if (queuedAs === undefined) await this.#name(runId, job);
    return job;
  }

  /** A run that could not follow the one before, as the server was away, has no job: it is still that one's. */
  async #leftBefore({ root, resumes }: RunRequest): Promise<string | null> {
    if (resumes === undefined) return null;
    for await (const id of withResumed(root, resumes)) {
      const named = await this.#named(id);
      const job = named ?? jobId(id, 1);
      if (await this.#isLeft(job, await isUnheard(root, id))) return job;
      if (named !== null || (await this.#endOf(job)) !== null) return null;
    }
    return null;
  }

  async #isLeft(job: string, isUnheard: boolean): Promise<boolean> {
    // It is in the queue for a moment after it has ended, and may end while it is asked for.
    let end = await this.#endOf(job);
    if (end === null && (await this.#queue.jobs.has(job))) return true;
    end ??= await this.#endOf(job);
    return end === "success" || (isUnheard && end !== null && end !== "interrupted");
  }

  /** Null where its log does not tell that it has ended. */
  async #endOf(job: string): Promise<Outcome["status"] | null> {
    return (await endOfJob(this.#queue.shared.logs, job))?.status ?? null;
  }

  async #named(runId: string): Promise<string | null> {
    const named = await this.#queue.shared.files.get(nameOf(runId));
    const job = named === null ? "" : Buffer.from(named.bytes).toString("utf8");
    return JOB.test(job) ? job : null;
  }

  async #name(runId: string, job: string): Promise<void> {
    await this.#queue.shared.files.put(nameOf(runId), Buffer.from(job), { lastsMs: UNUSED_LASTS_MS });
  }
}

/** Nobody here has heard how it ended: its process left, or died. */
async function isUnheard(root: string, runId: string): Promise<boolean> {
  const events: RunEvent[] = await readRun(root, runId).catch(() => []);
  const end = events.find((event) => event.type === "finished");
  return end === undefined || end.status === "interrupted";
}
