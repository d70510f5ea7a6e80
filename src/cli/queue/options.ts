import { availableParallelism } from "node:os";
import { UserError } from "../../model/userError.ts";
import { queueAddress, tellsPassword, USUAL_QUEUE, type QueueAddress } from "../../queue/address.ts";
import { Faults } from "../../queue/faults.ts";
import type { Queue } from "../../queue/queue.ts";
import type { Shared } from "../../queue/shared.ts";
import { QueueEngine } from "../../queue/queueEngine.ts";
import { hideSecrets } from "../../runtime/checkpoint/knownSecrets.ts";
import type { Output } from "../output.ts";

const PASSWORD_VARIABLE = "OPSVI_AGENTS_QUEUE_PASSWORD";

export interface QueueOptions {
  queue?: string;
  queueName: string;
}

export const QUEUE_OPTION = [
  "--queue <url>",
  `the queue: redis://HOST:PORT, rediss://… or postgres://USER@HOST/DATABASE (password: ${PASSWORD_VARIABLE})`,
] as const;
export const QUEUE_NAME_OPTION = [
  "--queue-name <name>",
  "tells several queues on one server apart",
  USUAL_QUEUE,
] as const;

/** How many runs a command begins at a time, unless it is told. @param inQueue so many go into a queue, whose workers decide how many run */
export function atATime(
  { concurrency, queue }: { concurrency?: number; queue?: string },
  inQueue: number,
): number {
  return concurrency ?? (queue === undefined ? availableParallelism() : inQueue);
}

/** The password is in the environment, where neither the list of processes nor the shell's history shows it. */
export function addressOf(url: string, name: string): QueueAddress {
  const address = queueAddress(url, name);
  if (tellsPassword(url))
    throw new UserError(
      `The address of the queue has a password in it, which others can see: put it into the environment variable ${PASSWORD_VARIABLE}.`,
    );
  const password = process.env[PASSWORD_VARIABLE];
  // No agent is to find it among its variables.
  Reflect.deleteProperty(process.env, PASSWORD_VARIABLE);
  if (password === undefined || password === "") return address;
  hideSecrets([password]);
  const parsed = new URL(url);
  parsed.password = encodeURIComponent(password);
  return { ...address, url: parsed.href };
}

/** Each thing that goes wrong is told once in a row. */
export async function openQueue(address: QueueAddress, output: Output): Promise<Queue> {
  const { openQueue: open } = await import("../../queue/connect.ts");
  return open(address, noted(output));
}

/** What is shared besides the jobs: nothing is made for these. */
export async function openShared(address: QueueAddress): Promise<Shared> {
  const { openShared: open } = await import("../../queue/connect.ts");
  return open(address);
}

/** Where the runs of a command execute: in a queue where it names one; undefined for this machine. Rejects with a UserError as `openQueue` does. */
export async function engineOf(
  { queue: url, queueName }: QueueOptions,
  output: Output,
): Promise<QueueEngine | undefined> {
  if (url === undefined) {
    if (queueName === USUAL_QUEUE) return undefined;
    throw new UserError("--queue-name goes with --queue, which says where the queue is.");
  }
  return new QueueEngine(await openQueue(addressOf(url, queueName), output), noted(output));
}

function noted(output: Output): (error: unknown) => void {
  const faults = new Faults((message) => output.note(`queue     ${message}`));
  return (error) => faults.add(error);
}
