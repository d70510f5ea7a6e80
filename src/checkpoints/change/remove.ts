import { shortId } from "../../model/runId.ts";
import { UserError } from "../../model/userError.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";
import { CheckpointWriter, type Steps } from "./writer.ts";

/**
 * Removes checkpoints; what follows them stays, and is complete. Answers how many are gone: where it is cancelled on the way,
 * not all. Rejects with a UserError, and removes no more, where one is pinned.
 */
export function remove(listing: FolderListing, entries: readonly Entry[], steps: Steps): Promise<number> {
  const writer = new CheckpointWriter(listing);
  return writer.all("removed", entries, steps, (_, at) => {
    const done = at === 0 ? "Nothing was removed" : `${at.toLocaleString("en")} were removed, and no more`;
    refusePinned(writer, entries.slice(at), done);
    return (entry) => void writer.remove(entry);
  });
}

function refusePinned(writer: CheckpointWriter, entries: readonly Entry[], done: string): void {
  const pins = new Map(
    [...new Set(entries.map(({ home }) => home))].map((home) => [home, writer.pinsIn(home)]),
  );
  for (const { id, home } of entries) {
    const pinned = pins.get(home) ?? null;
    if (pinned === null)
      throw new UserError(
        `${done}: the pins in ${home.path} cannot be read, so all beside them count as pinned.`,
      );
    if (pinned.has(id)) throw new UserError(`${done}: checkpoint ${shortId(id)} is pinned; unpin it first.`);
  }
}
