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

/** Decides for all checkpoints of a store; those of other agents than the named one stay. */
export function planPruning(
  all: readonly Sized[],
  policy: PrunePolicy,
  { agent, pinned, now }: { agent: string | undefined; pinned: ReadonlySet<string>; now: number },
): Plan {
  const byId = new Map(all.map((one) => [one.summary.id, one]));
  const within = new Map<string, Sized[]>();
  const kept = new Set<string>();
  /** Those whose ancestors are all kept. */
  const whole = new Set<string>();
  const keep = (id: string, mostAncestors: number): void => {
    let next: string | null = id;
    for (let ancestors = 0; next !== null && ancestors <= mostAncestors; ancestors += 1) {
      const one = byId.get(next);
      // A file made by hand may be its own ancestor.
      if (one === undefined || whole.has(next) || ancestors > all.length) return;
      kept.add(next);
      if (mostAncestors === Infinity) whole.add(next);
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
    const staying = agent === undefined || agent === name ? withinLimits(list, policy, now) : list;
    const most = agent === undefined || agent === name ? (policy.maxAncestors ?? Infinity) : Infinity;
    for (const { summary } of staying) keep(summary.id, most);
  }
  const scope = all.filter(({ summary }) => agent === undefined || summary.agent === agent);
  const removed = scope.filter(({ summary }) => !kept.has(summary.id));
  return { removed: childrenFirst(removed), kept: scope.length - removed.length };
}

/** Of one agent's checkpoints, newest first, those that no limit is against, and the newest and newest completed one. */
function withinLimits(list: readonly Sized[], policy: PrunePolicy, now: number): Sized[] {
  const { maxCount = Infinity, maxAgeMs = Infinity, maxBytes = Infinity } = policy;
  const completed = list.find(({ summary }) => isCompleted(summary, { completed: true }));
  let total = 0;
  return list.filter((one, i) => {
    total += one.bytes;
    const old = now - one.summary.timestamp * 1000 > maxAgeMs;
    return i === 0 || one === completed || (i < maxCount && total <= maxBytes && !old);
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
