import { rm } from "node:fs/promises";
import { UserError } from "../../model/userError.ts";
import { recordFile, recordsFolder } from "../recordPlace.ts";
import { readRun } from "../readRun.ts";
import { claimed } from "./claim.ts";
import { isRecorderAlive } from "./runOwner.ts";

/** Removes the record of a run; its checkpoints stay. Rejects with a UserError where there is no such run, or it has not ended. */
export async function discardRun(root: string, runId: string): Promise<void> {
  await readRun(root, runId);
  const runs = recordsFolder(root);
  await claimed(runs, runId, async () => {
    const events = await readRun(root, runId);
    const ended = events.some(({ type }) => type === "finished");
    if (!ended && (await isRecorderAlive(runs, events)))
      throw new UserError(`Run ${runId} has not ended: cancel it before it is discarded.`);
    await rm(recordFile(root, runId));
  });
}
