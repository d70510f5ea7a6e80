import { endOf } from "../model/remoteRun.ts";
import { interrupted } from "../runs/notBegun.ts";
import type { FollowedRun } from "./followedRun.ts";
import type { Queue } from "./queue.ts";
import { logOf } from "./runLog.ts";
import { wholeLog } from "./wholeLog.ts";

const SILENT_MS = 60_000;

const lost = interrupted("the queue has nothing of this run any more; whether it ended there is not known");

/**
 * Looks after followed runs of which nothing is heard for a minute: a server may have lost what it did not keep yet, and what ended while this
 * machine was asleep may be gone.
 */
export class LostRuns {
  readonly #queue: Queue;
  readonly #silentMs: number;
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(queue: Queue, followed: ReadonlyMap<string, FollowedRun>, silentMs = SILENT_MS) {
    this.#queue = queue;
    this.#silentMs = silentMs;
    this.#timer = setInterval(() => void this.#lookAtAll([...followed.values()]), silentMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Ends it where the queue has it no more. To be called once it was put there. */
  async look(run: FollowedRun): Promise<void> {
    if (await this.#queue.jobs.has(run.job)) return;
    const lines = await wholeLog(this.#queue.shared.logs, logOf(run.job));
    // The rest comes to it as always.
    if (lines.length > run.heardLines) return;
    if (endOf(lines) === null) run.end(lost);
    else run.hear(lines.slice(-1));
  }

  async #lookAtAll(runs: readonly FollowedRun[]): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const silent = runs.filter(
      ({ heardAt }) => heardAt !== null && performance.now() - heardAt > this.#silentMs,
    );
    try {
      for (const run of silent) await this.look(run);
    } catch {
      // The server is away: it is asked again.
    } finally {
      this.#looking = false;
    }
  }
}
