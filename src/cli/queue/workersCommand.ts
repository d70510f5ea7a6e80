import { counted } from "../../model/counted.ts";
import { Workers } from "../../queue/workers.ts";
import type { Output } from "../output.ts";
import { addressOf, openQueue, type QueueOptions } from "./options.ts";
import { table } from "../table.ts";

export interface WorkersOptions extends QueueOptions {
  queue: string;
  json?: true;
}

/** Who takes runs of a queue, and how many wait. */
export async function workersCommand(options: WorkersOptions, output: Output): Promise<number> {
  const queue = await openQueue(addressOf(options.queue, options.queueName), output);
  try {
    const [workers, counts] = await Promise.all([
      new Workers(queue.shared.files).list(),
      queue.jobs.counts(),
    ]);
    if (options.json) for (const worker of workers) output.json(worker);
    else {
      const rows = workers.map(({ id, version, node, agents, busy, concurrency, ended, told, draining }) => [
        ...[id, `opsvi-agents ${version}`, `Node ${node}`, counted(agents, "agent")],
        ...[`${busy} of ${concurrency} busy`, `${ended} ended`, heardOf(told)],
        draining ? "draining" : "",
      ]);
      for (const line of table(rows)) output.line(line);
    }
    const { waiting, delayed, active } = counts;
    output.note(
      `${workers.length} ${workers.length === 1 ? "worker" : "workers"}; runs: ${waiting} waiting, ${delayed} delayed, ${active} at work.`,
    );
    return 0;
  } finally {
    await queue.close();
  }
}

/** Those that are listed were heard of within 20 s: where the times differ by more, the clocks do. */
const MOST_S = 25;
/** Of clocks that are as good as the same. */
const LEAST_S = -5;

function heardOf(told: string): string {
  const seconds = Math.round((Date.now() - Date.parse(told)) / 1000);
  if (seconds > MOST_S) return `its clock is about ${seconds} s behind ours`;
  if (seconds < LEAST_S) return `its clock is about ${-seconds} s ahead of ours`;
  return `heard of ${Math.max(0, seconds)} s ago`;
}
