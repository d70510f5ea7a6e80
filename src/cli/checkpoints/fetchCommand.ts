import { counted } from "../../model/counted.ts";
import { shortId } from "../../model/runId.ts";
import { UserError } from "../../model/userError.ts";
import { SharedCheckpoints } from "../../queue/checkpoints/sharedCheckpoints.ts";
import { Courier, isOfFolder } from "../../queue/courier.ts";
import { isAway } from "../../queue/reach.ts";
import { onInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { addressOf, openShared, type QueueOptions } from "../queue/options.ts";
import { workspaceFolder } from "../workspace.ts";

export interface FetchOptions extends QueueOptions {
  queue: string;
  agent?: string;
  json?: true;
}

const TOLD_EVERY_MS = 1_000;
const TOGETHER = 8;

/** Copies the checkpoints of the shared store that a folder lacks into it, the newest first. Answers with 1 where some were left out. */
export async function fetchCommand(
  dir: string | undefined,
  options: FetchOptions,
  output: Output,
): Promise<number> {
  const root = workspaceFolder(dir);
  const { agent, json } = options;
  const shared = await openShared(addressOf(options.queue, options.queueName));
  const interrupt = onInterrupt(() => undefined, "Stopping; what is fetched stays.", output);
  const courier = new Courier(shared.files);
  let fetched = 0;
  let leftOut = 0;
  const fetch = async (id: string) => {
    try {
      if (!(await courier.fetch(root, id))) return;
    } catch (error) {
      // The others would fare no better.
      if (!(error instanceof UserError) || isAway(error) || isOfFolder(error)) throw error;
      leftOut += 1;
      output.note(error.message);
      return;
    }
    fetched += 1;
    if (json) output.json({ type: "fetched", data: { id } });
    else output.line(`fetched  ${shortId(id)}`);
  };
  try {
    const ids = await new SharedCheckpoints(shared.files).ids(agent);
    if (ids.length === 0 && agent !== undefined)
      throw new UserError(`Agent "${agent}" has no checkpoints in the shared store.`);
    let toldAt = Date.now();
    for (let first = 0; first < ids.length && interrupt.code === null; first += TOGETHER) {
      const looked = await Promise.allSettled(ids.slice(first, first + TOGETHER).map(fetch));
      const failed = looked.find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
      if (!(await output.wanted())) break;
      if (Date.now() - toldAt < TOLD_EVERY_MS) continue;
      toldAt = Date.now();
      output.note(
        `${first + TOGETHER} of ${counted(ids.length, "checkpoint")} looked at, ${fetched} fetched`,
      );
    }
    output.note(`${counted(fetched, "checkpoint")} fetched into ${root}; ${ids.length} in the shared store.`);
  } finally {
    interrupt.dispose();
    await shared.close();
  }
  return interrupt.code ?? (leftOut === 0 ? 0 : 1);
}
