import type { CheckpointSummary } from "../core/checkpointStore.ts";
import type { Lineage } from "./managedStore.ts";

/** Follows `parentId` through a listing. */
export function lineageOf(id: string, listing: readonly CheckpointSummary[]): Lineage {
  const byId = new Map(listing.map((summary) => [summary.id, summary]));
  const checkpoints: CheckpointSummary[] = [];
  for (let next: string | null = id; next !== null;) {
    const summary = byId.get(next);
    if (summary === undefined) {
      const what =
        checkpoints.length === 0 ? "There is no checkpoint" : "The history is not complete: there is no";
      return { checkpoints, note: `${what} ${next}.` };
    }
    // A file made by hand may be its own ancestor.
    byId.delete(next);
    checkpoints.push(summary);
    next = summary.parentId;
  }
  return { checkpoints, note: null };
}
