import type { Outcome } from "../model/hostProtocol.ts";
import { remoteLine } from "../model/remoteRun.ts";
import type { FollowedRun } from "./followedRun.ts";
import type { Queue } from "./queue.ts";
import { logOf } from "./runLog.ts";
import { wholeLog } from "./wholeLog.ts";

const SILENT_MS = 60_000;

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
    const last = lines.at(-1) ?? "";
    const line = remoteLine(last);
    if (line !== null && "end" in line) run.hear([last]);
    else run.end(lost());
  }

  async #lookAtAll(runs: readonly FollowedRun[]): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const silent = runs.filter((run) => run.isQueued && performance.now() - run.heardAt > this.#silentMs);
    try {
      for (const run of silent) await this.look(run);
    } catch {
      // The server is away: it is asked again.
    } finally {
      this.#looking = false;
    }
  }
}

function lost(): Outcome {
  const message =
    "interrupted (the queue has nothing of this run any more; whether it ended there is not known)";
  return {
    ...{ status: "interrupted", error: { name: "InterruptedError", message } },
    ...{ checkpointId: null, attempts: 0, durationMs: 0, warnings: [] },
  };
}
