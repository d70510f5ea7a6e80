import { counted } from "../../model/counted.ts";
import { shortId } from "../../model/runId.ts";
import { fetchCheckpoints } from "../../queue/checkpoints/fetchCheckpoints.ts";
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
  let leftOut = 0;
  let toldAt = Date.now();
  try {
    const { all, fetched } = await fetchCheckpoints(shared.files, {
      ...{ root, agent },
      onFetched: (id) => {
        if (json) output.json({ type: "fetched", data: { id } });
        else output.line(`fetched  ${shortId(id)}`);
      },
      onLeftOut: (sentence) => {
        leftOut += 1;
        output.note(sentence);
      },
      async goesOn(progress) {
        if (Date.now() - toldAt >= TOLD_EVERY_MS) {
          toldAt = Date.now();
          const { looked } = progress;
          output.note(
            `${looked} of ${counted(progress.all, "checkpoint")} looked at, ${progress.fetched} fetched`,
          );
        }
        return interrupt.code === null && (await output.wanted());
      },
    });
    output.note(`${counted(fetched, "checkpoint")} fetched into ${root}; ${all} in the shared store.`);
  } finally {
    interrupt.dispose();
    await shared.close();
  }
  return interrupt.code ?? (leftOut === 0 ? 0 : 1);
}
