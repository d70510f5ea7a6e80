import type { CheckpointSummary } from "../core/checkpointStore.ts";
import { AgentUsageError } from "../core/errors.ts";
import { isCompleted, newestFirst, summaryOf } from "./listing.ts";
import type { PrunePolicy, PruneResult } from "./managedStore.ts";

/** A checkpoint and its size in bytes. */
export interface Sized {
  summary: CheckpointSummary;
  bytes: number;
}

/** What to remove, those without remaining descendants first, and what stays. */
export interface Plan {
  removed: Sized[];
  /** All others in the scope. */
  kept: number;
}

/** Throws an {@link AgentUsageError} for a limit that is none. */
export function checkPolicy(policy: PrunePolicy): void {
  for (const name of ["maxCount", "maxAgeMs", "maxBytes", "maxAncestors"] as const) {
    const limit = policy[name];
    if (limit === undefined || limit === Infinity) continue;
    if (typeof limit !== "number" || !(limit >= 0) || (name !== "maxAgeMs" && !Number.isInteger(limit))) {
      const kind = name === "maxAgeMs" ? "a number" : "an integer";
      throw new AgentUsageError(`${name} must be ${kind} from 0, not ${limit}.`);
    }
  }
}

/** A plan for whoever asked for it. */
export function resultOf({ removed, kept }: Plan, notes: string[]): PruneResult {
  return {
    removed: removed.map(({ summary }) => summaryOf(summary)).sort(newestFirst),
    kept,
    bytes: removed.reduce((total, { bytes }) => total + bytes, 0),
    notes,
  };
}

/** What a plan goes by, besides the policy. */
export interface Circumstances {
  /** The only agent whose checkpoints may go; undefined for all. */
  agent: string | undefined;
  pinned: ReadonlySet<string>;
  /** Whether an agent could be restored from it: listings do not tell. */
  isReadable: (id: string) => boolean;
  /** In milliseconds. */
  now: number;
}

/** Decides for all checkpoints of a store; those of other agents than the named one stay. */
export function planPruning(all: readonly Sized[], policy: PrunePolicy, circumstances: Circumstances): Plan {
  const { agent, pinned } = circumstances;
  const byId = new Map(all.map((one) => [one.summary.id, one]));
  const within = new Map<string, Sized[]>();
  /** What stays, and how many of its ancestors. */
  const kept = new Map<string, number>();
  const keep = (id: string, mostAncestors: number): void => {
    let next: string | null = id;
    for (let left = mostAncestors; next !== null && left >= 0; left -= 1) {
      const one = byId.get(next);
      if (one === undefined || (kept.get(next) ?? -1) >= left) return;
      kept.set(next, left);
      next = one.summary.parentId;
    }
  };
  for (const one of all) {
    const { summary } = one;
    const list = within.get(summary.agent) ?? [];
    within.set(summary.agent, list);
    list.push(one);
    if (pinned.has(summary.id)) keep(summary.id, Infinity);
  }
  for (const [name, list] of within) {
    list.sort((a, b) => newestFirst(a.summary, b.summary));
    const inScope = agent === undefined || agent === name;
    const staying = inScope ? withinLimits(list, policy, circumstances) : list;
    const most = inScope ? (policy.maxAncestors ?? Infinity) : Infinity;
    // The oldest first: what is kept for them is not gone through again.
    for (const { summary } of staying.toReversed()) keep(summary.id, most);
  }
  const scope = all.filter(({ summary }) => agent === undefined || summary.agent === agent);
  const removed = scope.filter(({ summary }) => !kept.has(summary.id));
  return { removed: childrenFirst(removed), kept: scope.length - removed.length };
}

/** Of one agent's checkpoints, newest first, those that no limit is against, and the newest and newest completed one. */
function withinLimits(
  list: readonly Sized[],
  policy: PrunePolicy,
  { isReadable, now }: Circumstances,
): Sized[] {
  const { maxCount = Infinity, maxAgeMs = Infinity, maxBytes = Infinity } = policy;
  const newest = list.find(({ summary }) => isReadable(summary.id));
  const completed = list.find(
    (one) => isCompleted(one.summary, { completed: true }) && (one === newest || isReadable(one.summary.id)),
  );
  let total = 0;
  return list.filter((one, i) => {
    total += one.bytes;
    const old = now - one.summary.timestamp * 1000 > maxAgeMs;
    return one === newest || one === completed || (i < maxCount && total <= maxBytes && !old);
  });
}

/** So that whoever is killed on the way leaves no checkpoint without its parent. */
function childrenFirst(list: readonly Sized[]): Sized[] {
  const byId = new Map(list.map((one) => [one.summary.id, one]));
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const line: string[] = [];
    let next: string | null = id;
    while (next !== null && byId.has(next) && !depths.has(next) && line.length <= list.length) {
      line.push(next);
      next = byId.get(next)?.summary.parentId ?? null;
    }
    let depth = next === null ? 0 : (depths.get(next) ?? 0);
    for (const ancestor of line.reverse()) depths.set(ancestor, (depth += 1));
    return depths.get(id) ?? 0;
  };
  for (const { summary } of list) depthOf(summary.id);
  return list.toSorted(
    (a, b) =>
      (depths.get(b.summary.id) ?? 0) - (depths.get(a.summary.id) ?? 0) || newestFirst(a.summary, b.summary),
  );
}
