import { counted } from "../../model/counted.ts";
import type { PrunePreview } from "../../model/checkpoints.ts";
import type { AgentListing } from "../listing/agentListing.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";
import { sizeOf, type Prepared } from "./prune.ts";
import { CheckpointWriter, type Steps } from "./writer.ts";

/**
 * Removes what was prepared, except what is pinned meanwhile and what that follows. Lets others in between; answers with
 * what was done, also where it was cancelled on the way.
 */
export async function removePrepared(
  listing: FolderListing,
  { preview, removed }: Prepared,
  steps: Steps,
): Promise<PrunePreview> {
  const writer = new CheckpointWriter(listing);
  const pinned = new Set<string>();
  const staying = new Set<string>();
  const stay = (entry: Entry | undefined): void => {
    for (let next = entry; next !== undefined && !staying.has(next.id);) {
      staying.add(next.id);
      next = next.parentId === null ? undefined : listing.get(next.parentId);
    }
  };
  const look = (homes: Iterable<AgentListing>): void => {
    let isFresh = false;
    const find = (id: string): Entry | undefined => {
      const known = listing.get(id);
      if (known !== undefined || isFresh) return known;
      // It may have been forked and pinned meanwhile.
      isFresh = true;
      listing.refresh();
      return listing.get(id);
    };
    for (const home of homes) {
      const pins = writer.pinsIn(home);
      if (pins === null) for (const entry of removed) if (entry.home === home) stay(entry);
      for (const id of pins ?? []) {
        if (pinned.has(id)) continue;
        pinned.add(id);
        const entry = find(id);
        if (entry?.known === false) entry.home.know(entry);
        stay(entry);
      }
    }
  };
  const gone: Entry[] = [];
  const kept: Entry[] = [];
  let missing = 0;
  const at = await writer.all("pruned", removed, steps, (next, done) => {
    // At first all of them: what is pinned in another folder may follow one in this.
    look(done === 0 ? listing.agents : new Set(next.map(({ home }) => home)));
    return (entry) => {
      if (staying.has(entry.id)) kept.push(entry);
      else if (writer.remove(entry)) gone.push(entry);
      else missing += 1;
    };
  });
  const left = [...kept, ...removed.slice(at)];
  const goneIds = new Set(gone.map(({ id }) => id));
  return {
    ...preview,
    removed: preview.removed.filter(({ id }) => goneIds.has(id)),
    removedCount: gone.length,
    bytes: sizeOf(gone),
    kept: preview.kept + left.length,
    keptBytes: preview.keptBytes + sizeOf(left),
    notes: [
      ...preview.notes,
      ...(kept.length > 0
        ? [`${counted(kept.length, "checkpoint")} pinned meanwhile, or before one, stay.`]
        : []),
      ...(missing > 0 ? [`${counted(missing, "checkpoint")} had been removed meanwhile.`] : []),
      ...(at < removed.length
        ? [`It was stopped: ${counted(removed.length - at, "checkpoint")} would go, too.`]
        : []),
    ],
  };
}
