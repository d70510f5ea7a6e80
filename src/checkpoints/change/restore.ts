import { UserError } from "../../model/userError.ts";
import { AgentState } from "../../runtime/core/state.ts";
import { Recorder } from "../../runtime/checkpoint/recorder.ts";
import { readStored, stored } from "../content/stored.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";
import { shapeDifference } from "./shape.ts";
import { CheckpointWriter } from "./writer.ts";

/**
 * Adds a checkpoint with the state of an older one, which is what a program begins with from then on: it is the newest
 * that is completed. Throws a UserError where the content is not what was written, or no state of the agent as it is now.
 */
export function restore(listing: FolderListing, entry: Entry): string {
  const { file } = stored(entry, "restored");
  const writer = new CheckpointWriter(listing, true);
  return writer.locked("restored", () => {
    listing.refresh();
    const newest = newestReadable(listing, entry);
    if (newest !== null && newest.id !== file.id) {
      const { stateVersion: was = 1 } = file;
      const { stateVersion: is = 1 } = newest;
      if (was !== is)
        throw new UserError(
          `Checkpoint ${entry.id} cannot be restored: it keeps state version ${was} and the newest checkpoint of agent "${entry.agent}" has version ${is}; resume it with an agent that migrates its state.`,
        );
      const difference = shapeDifference(file.context, newest.context);
      if (difference !== null)
        throw new UserError(`Checkpoint ${entry.id} cannot be restored: ${difference}.`);
    }
    const { agent } = file;
    const ready = { ...file, state: AgentState.READY, task: null };
    delete ready.answers;
    return writer.append(agent, () => new Recorder().fork(ready, { agent, runId: null, label: "restored" }))
      .id;
  });
}

/** Of the agent; null where none can be read. */
export function newestReadable(listing: FolderListing, { agent }: Entry) {
  for (const one of listing.entries) {
    if (!one.known) one.home.know(one);
    if (one.agent !== agent || one.problem !== null) continue;
    try {
      return readStored(one).file;
    } catch {
      // The next one.
    }
  }
  return null;
}
