import type {
  CheckpointSummaryRow,
  PrunePreview,
  PruneProof,
  RetentionPolicy,
} from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { shortId } from "../../model/runId.ts";
import { UserError } from "../../model/userError.ts";
import type { CheckpointSummary } from "../../runtime/core/checkpointStore.ts";
import { planPruning, type Plan, type Sized } from "../../runtime/checkpoint/pruning.ts";
import { readStored } from "../content/stored.ts";
import type { Pace } from "../jobs.ts";
import { createdAt, timeOf, type Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";

const mostListed = 500;
const mostDamaged = 100;

export interface Prepared {
  preview: PrunePreview;
  /** Those without remaining descendants first. */
  removed: Entry[];
}

interface Asked {
  policy: RetentionPolicy;
  agent: string | null;
  /** Nothing else may go; null: whatever the policy says. */
  shown: ReadonlySet<string> | null;
}

/** What a policy removes (of what was shown before), and whether all that stays can be restored; removes nothing. All entries must be known. */
export async function preparePrune(
  listing: FolderListing,
  { policy, agent, shown }: Asked,
  summary: (entry: Entry) => CheckpointSummaryRow,
  pace: Pace,
  progress: (done: number, total: number) => void,
): Promise<Prepared> {
  const scope = listing.entries.filter((entry) => agent === null || entry.agent === agent);
  if (agent !== null && scope.length === 0)
    throw new UserError(`Agent "${agent}" has no checkpoints in ${listing.path}.`);
  const { plan, notes } = planned(listing, policy, agent);
  const goes = plan.removed.flatMap(({ summary: { id } }) => listing.get(id) ?? []);
  const removed = shown === null ? goes : amongShown(listing, goes, shown);
  const gone = new Set(removed.map(({ id }) => id));
  const staying = scope.filter(({ id }) => !gone.has(id));
  const { proof, kept } = await prove(staying, removed, pace, progress);
  const preview: PrunePreview = {
    removed: scope
      .filter(({ id }) => gone.has(id))
      .slice(0, mostListed)
      .map(summary),
    removedCount: removed.length,
    bytes: sizeOf(removed),
    kept: kept.length,
    keptBytes: sizeOf(kept),
    notes: [...notes, ...plan.notes],
    proof,
  };
  return { preview, removed };
}

/** Of what goes now, what was shown. Throws a UserError where something of that would stay now. */
function amongShown(listing: FolderListing, gone: readonly Entry[], shown: ReadonlySet<string>): Entry[] {
  const now = new Set(gone.map(({ id }) => id));
  const staying = [...shown].filter((id) => !now.has(id) && listing.get(id) !== undefined);
  const [first] = staying;
  if (first === undefined) return gone.filter(({ id }) => shown.has(id));
  throw new UserError(
    `Nothing was pruned: of what was shown to go, ${counted(staying.length, "checkpoint")} would stay now (${shortId(first)}${staying.length > 1 ? ", …" : ""}). Look again at what would go.`,
  );
}

export const sizeOf = (entries: readonly Entry[]): number =>
  entries.reduce((total, { bytes }) => total + (bytes ?? 0), 0);

function planned(
  listing: FolderListing,
  policy: RetentionPolicy,
  agent: string | null,
): { plan: Plan; notes: string[] } {
  const all: Sized[] = [];
  const pinned = new Set<string>();
  const untouchable = new Set<string>();
  const notes = listing.agents
    .filter(({ pins }) => pins === null)
    .map(({ path }) => `Nothing in ${path} is removed: its pins cannot be read.`);
  for (const entry of listing.entries) {
    // What cannot be read is left alone.
    if (entry.problem !== null) continue;
    all.push({ summary: summaryFor(entry), bytes: entry.bytes ?? 0 });
    if (entry.home.pins === null) untouchable.add(entry.id);
    else if (entry.home.pins.has(entry.id)) pinned.add(entry.id);
  }
  const isReadable = (id: string): boolean => {
    const entry = listing.get(id);
    if (entry === undefined) return false;
    try {
      return readStored(entry).file.agent === entry.agent;
    } catch {
      return false;
    }
  };
  const now = Date.now();
  const plan = planPruning(all, policy, {
    agent: agent ?? undefined,
    pinned,
    untouchable,
    isReadable,
    now,
  });
  return { plan, notes: [...listing.copyNotes, ...notes] };
}

function summaryFor(entry: Entry): CheckpointSummary {
  const { id, parentId, runId, agent, agentType, label, state, redactions, stateVersion } = entry;
  return {
    ...{ schemaVersion: 1, id, parentId, runId, agent, agentType, label, redactions, stateVersion },
    ...{ state: state as CheckpointSummary["state"], timestamp: timeOf(id) / 1000, createdAt: createdAt(id) },
    ...{ hash: "", lost: [] },
  };
}

/**
 * Reads, checks and decodes all that stays; what another process removed meanwhile does not. Throws a UserError where that
 * cannot be told, or an agent would be left with none.
 */
async function prove(
  staying: readonly Entry[],
  removed: readonly Entry[],
  pace: Pace,
  progress: (done: number, total: number) => void,
): Promise<{ proof: PruneProof; kept: Entry[] }> {
  const proof: PruneProof = { restorable: 0, damaged: [], damagedCount: 0 };
  const whole = new Set<string>();
  const vanished = new Set<Entry>();
  for (const [i, entry] of staying.entries()) {
    try {
      const { file } = readStored(entry);
      proof.restorable += 1;
      whole.add(file.agent);
    } catch (error) {
      const { code, message: reason } = error as { code?: string; message: string };
      if (code === "ENOENT") vanished.add(entry);
      else if (code !== undefined)
        throw new UserError(`It cannot be told whether checkpoint ${entry.id} can be restored: ${reason}.`);
      else {
        proof.damagedCount += 1;
        if (proof.damaged.length < mostDamaged)
          proof.damaged.push({ folder: entry.home.folder.folder, id: entry.id, reason });
      }
    }
    if (await pace.step()) progress(i + 1, staying.length);
  }
  progress(staying.length, staying.length);
  const bare = removed.find(({ agent }) => !whole.has(agent));
  if (bare !== undefined)
    throw new UserError(
      `Nothing can be pruned: of what would stay of agent "${bare.agent}", nothing can be restored.`,
    );
  return { proof, kept: staying.filter((entry) => !vanished.has(entry)) };
}
