import { setTimeout as delay } from "node:timers/promises";
import ScheduledAgent from "../core/scheduledAgent";

export interface BackupJob {
  volume: string;
  /** Seconds the copy takes; 10 where not given. */
  seconds?: number;
}

/** Copies a volume bit by bit: slow, but it stops as soon as it is told to. */
export class BackupAgent extends ScheduledAgent {
  private readonly stopped = new AbortController();

  override stop(): void {
    super.stop();
    this.stopped.abort(new Error("the backup was stopped"));
  }

  override async run(
    job: BackupJob,
    options: { signal?: AbortSignal } = {},
  ): Promise<{ volume: string; chunks: number }> {
    const signals = [this.stopped.signal, options.signal].filter((signal) => signal instanceof AbortSignal);
    const signal = AbortSignal.any(signals);
    const chunks = Math.ceil((job.seconds ?? 10) * 10);
    for (let copied = 0; copied < chunks; copied++) {
      await delay(100, undefined, { signal });
      if (copied % 10 === 0) console.log(`${job.volume}: ${copied} of ${chunks} chunks`);
    }
    return { volume: job.volume, chunks };
  }
}
