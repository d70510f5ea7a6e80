import { shortId } from "../../model/runId.ts";
import { UserError } from "../../model/userError.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";
import { CheckpointWriter } from "./writer.ts";

/** Removes checkpoints; what follows them stays, and is complete. Throws a UserError, and removes none, where one is pinned. */
export function remove(listing: FolderListing, entries: readonly Entry[]): void {
  const writer = new CheckpointWriter(listing);
  writer.locked("removed", () => {
    for (const entry of entries) {
      const pins = writer.pinsOf(entry);
      if (pins === null)
        throw new UserError(
          `Nothing was removed: the pins in ${entry.home.path} cannot be read, so all beside them count as pinned.`,
        );
      if (pins.has(entry.id))
        throw new UserError(
          `Nothing was removed: checkpoint ${shortId(entry.id)} is pinned; unpin it first.`,
        );
    }
    for (const entry of entries) writer.remove(entry);
  });
}
