import type { CheckpointSummary } from "../core/checkpointStore.ts";
import { AgentState } from "../core/state.ts";
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
  /** What stays over the limits and why, one sentence an agent. */
  notes: string[];
}

/** A plan for whoever asked for it. */
export function resultOf({ removed, kept, notes }: Plan, more: string[]): PruneResult {
  return {
    removed: removed.map(({ summary }) => summaryOf(summary)).sort(newestFirst),
    kept,
    bytes: removed.reduce((total, { bytes }) => total + bytes, 0),
    notes: [...more, ...notes],
  };
}

/** What a plan goes by, besides the policy. */
export interface Circumstances {
  /** The only agent whose checkpoints may go; undefined for all. */
  agent: string | undefined;
  pinned: ReadonlySet<string>;
  /** Stays as if it were pinned, and whoever asked is told why already. */
  untouchable?: ReadonlySet<string> | undefined;
  /** Whether an agent could be restored from it: listings do not tell. */
  isReadable: (id: string) => boolean;
  /** In milliseconds. */
  now: number;
}

/** Decides for all checkpoints of a store; those of other agents than the named one stay. */
export function planPruning(all: readonly Sized[], policy: PrunePolicy, circumstances: Circumstances): Plan {
  const { agent, pinned, untouchable = new Set() } = circumstances;
  const isInScope = ({ summary }: Sized): boolean => agent === undefined || summary.agent === agent;
  const scope = all.filter(isInScope);
  const { fitting, newest, notes } = withinLimits(scope, policy, circumstances);
  const byId = new Map(all.map((one) => [one.summary.id, one]));
  const ancestry = (isStart: (one: Sized) => boolean, reach: Reach) =>
    withAncestors(all.filter(isStart), byId, reach);
  const isFixed = ({ summary: { id } }: Sized): boolean => pinned.has(id) || untouchable.has(id);
  const { maxAncestors } = policy;
  const withFixed = ancestry(isFixed, { most: Infinity, throughExecutions: true });
  const withOthers = ancestry((one) => !isInScope(one), wholeExecutions);
  const withStaying = ancestry(
    (one) => fitting.has(one) || newest.has(one),
    maxAncestors === undefined ? wholeExecutions : { most: maxAncestors, throughExecutions: true },
  );
  const staying = new Set([...withFixed, ...withOthers, ...withStaying]);
  const kept = scope.filter((one) => staying.has(one));
  const over = kept.filter(
    (one) => !fitting.has(one) && !newest.has(one) && !untouchable.has(one.summary.id),
  );
  return {
    removed: childrenFirst(scope.filter((one) => !staying.has(one))),
    kept: kept.length,
    notes: [...notes, ...notesOf(over, withFixed)],
  };
}

/** How far ancestors are followed. */
interface Reach {
  most: number;
  /** Or only as far as the execution that a checkpoint was made in. */
  throughExecutions: boolean;
}

const wholeExecutions: Reach = { most: Infinity, throughExecutions: false };

function withAncestors(
  starts: readonly Sized[],
  byId: ReadonlyMap<string, Sized>,
  reach: Reach,
): ReadonlySet<Sized> {
  /** How many ancestors of each are in it at least. */
  const reached = new Map<Sized, number>();
  // The oldest first: what is reached from them is not gone through again.
  for (const start of starts.toSorted((a, b) => newestFirst(b.summary, a.summary))) {
    let next: Sized | undefined = start;
    for (let left = reach.most; next !== undefined && left >= 0; left -= 1) {
      if ((reached.get(next) ?? -1) >= left) break;
      reached.set(next, left);
      const parent: Sized | undefined = byId.get(next.summary.parentId ?? "");
      next =
        parent !== undefined && (reach.throughExecutions || !isBorder(next, parent)) ? parent : undefined;
    }
  }
  return new Set(reached.keys());
}

/**
 * Whether an agent's execution begins with a checkpoint and its parent is of an execution that had ended. Forks are made
 * of what they follow, and whatever ends an execution follows what is under way.
 */
const isBorder = ({ summary }: Sized, parent: Sized): boolean =>
  summary.state === AgentState.BUSY &&
  parent.summary.state !== AgentState.BUSY &&
  summary.agent === parent.summary.agent;

/** Those that no limit is against, and each agent's newest and newest completed one. */
function withinLimits(
  scope: readonly Sized[],
  policy: PrunePolicy,
  { isReadable, now }: Circumstances,
): { fitting: ReadonlySet<Sized>; newest: ReadonlySet<Sized>; notes: string[] } {
  const { maxCount = Infinity, maxAgeMs = Infinity, maxBytes = Infinity } = policy;
  const fitting = new Set<Sized>();
  const newest = new Set<Sized>();
  const notes: string[] = [];
  for (const [agent, list] of grouped(scope, ({ summary }) => summary.agent)) {
    list.sort((a, b) => newestFirst(a.summary, b.summary));
    const latest = list.find(({ summary }) => isReadable(summary.id));
    if (latest === undefined) {
      // It may be that they cannot be read today, and can tomorrow.
      for (const one of list) newest.add(one);
      notes.push(`Nothing of agent "${agent}" is removed: none of its checkpoints can be read.`);
    }
    const completed = list.find(
      (one) =>
        isCompleted(one.summary, { completed: true }) && (one === latest || isReadable(one.summary.id)),
    );
    for (const one of [latest, completed]) if (one !== undefined) newest.add(one);
    let total = 0;
    for (const [i, one] of list.entries()) {
      total += one.bytes;
      const old = now - one.summary.timestamp * 1000 > maxAgeMs;
      if (i < maxCount && total <= maxBytes && !old) fitting.add(one);
    }
  }
  return { fitting, newest, notes };
}

function notesOf(over: readonly Sized[], withFixed: ReadonlySet<Sized>): string[] {
  return [...grouped(over, ({ summary }) => summary.agent)].map(([agent, list]) => {
    const pinned = list.filter((one) => withFixed.has(one)).length;
    const parts = [
      ...(pinned === 0 ? [] : [`${pinned} pinned or before a pinned one`]),
      ...(pinned === list.length ? [] : [`${list.length - pinned} before one that stays`]),
    ];
    return `Agent "${agent}" keeps ${list.length} over the limits: ${parts.join(", ")}.`;
  });
}

function grouped<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item)) ?? [];
    groups.set(nameOf(item), group);
    group.push(item);
  }
  return groups;
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
