import { workerData } from "node:worker_threads";
import type { CheckpointSummary } from "../../runtime/index.ts";
import type { QueueAddress } from "../address.ts";
import { openShared } from "../connect.ts";
import type { Shared } from "../shared.ts";
import { answerCalls, type AnsweringThread } from "./blockingCalls.ts";
import { SharedCheckpoints } from "./sharedCheckpoints.ts";

/** The thread that has the connection of a `SharedCheckpointStore`. */
const thread = workerData as AnsweringThread;
let opened: Promise<{ shared: Shared; checkpoints: SharedCheckpoints }> | null = null;

async function open(address: QueueAddress) {
  const shared = await openShared(address);
  return { shared, checkpoints: new SharedCheckpoints(shared.files) };
}

answerCalls(thread, async (method, args) => {
  if (method === "close") return (await opened)?.shared.close();
  const opening = (opened ??= open(thread.data as QueueAddress));
  const { checkpoints } = await opening.catch((error: unknown) => {
    // The next call tries again.
    opened = null;
    throw error;
  });
  switch (method) {
    case "put":
      return checkpoints.put(args[0] as CheckpointSummary, args[1] as Uint8Array);
    case "read": {
      const bytes = await checkpoints.read(args[0] as string);
      // Of a part of a larger buffer all would be sent.
      return bytes === null ? null : new Uint8Array(bytes);
    }
    case "ids":
      return checkpoints.ids(args[0] as string);
    case "summary":
      return checkpoints.summary(args[0] as string, args[1] as string);
    case "list":
      return checkpoints.list(args[0] as string | undefined);
    case "agents":
      return checkpoints.agents();
    default:
      throw new Error(`The shared checkpoints have no ${method}.`);
  }
});
