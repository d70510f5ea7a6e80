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
        ...[id, `opsvi-agents ${version}`, `Node ${node}`, `${agents} agents`],
        ...[`${busy} of ${concurrency} busy`, `${ended} ended`, `heard of ${secondsSince(told)} s ago`],
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

const secondsSince = (iso: string): number => Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
