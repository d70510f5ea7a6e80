import type { BatchFigures } from "../../model/batch.ts";
import type { RunSummary } from "../../model/runSummary.ts";
import { batchFigures, countingRuns, unfinishedRuns } from "../../runs/history/recordedBatch.ts";
import { inOrder } from "../../runs/pipeline/asking.ts";
import { isActive, type RunRow } from "../runs/row.ts";

/** Runs that were started together, by whatever process. */
export interface BatchGroup {
  id: string;
  /** In the order in which they were queued. */
  rows: RunRow[];
}

export type Entry = RunRow | BatchGroup;

export const isGroup = (entry: Entry): entry is BatchGroup => "rows" in entry;

/** The ids of runs and batches begin with the time. */
export const idOf = (entry: Entry): string => (isGroup(entry) ? entry.id : entry.summary.runId);

export const isAtWork = (entry: Entry): boolean =>
  isGroup(entry) ? entry.rows.some(isActive) : isActive(entry);

/** What stands beside each other: what is at work first, then the newest; the runs of a batch together. */
export function grouped(rows: readonly RunRow[]): Entry[] {
  const groups = new Map<string, BatchGroup>();
  const entries: Entry[] = [];
  for (const row of rows) {
    const { batch } = row.summary;
    if (batch === null) {
      entries.push(row);
      continue;
    }
    const known = groups.get(batch);
    if (known !== undefined) {
      known.rows.push(row);
      continue;
    }
    const group = { id: batch, rows: [row] };
    groups.set(batch, group);
    entries.push(group);
  }
  for (const group of groups.values()) group.rows.sort((a, b) => inOrder(a.summary, b.summary));
  const keys = entries.map((entry) => ({ entry, id: idOf(entry), atWork: isAtWork(entry) }));
  keys.sort((a, b) => Number(b.atWork) - Number(a.atWork) || (a.id < b.id ? 1 : -1));
  return keys.map(({ entry }) => entry);
}

/** An entry, and where it is a pipeline the steps of it. */
export interface Nested {
  entry: Entry;
  steps: readonly RunRow[];
}

/** The steps of a pipeline stand below it, and not beside it. */
export function nested(entries: readonly Entry[]): Nested[] {
  const runs = new Set(entries.flatMap((entry) => (isGroup(entry) ? [] : [idOf(entry)])));
  const below = new Map(
    entries.filter(isGroup).flatMap(({ id, rows }) => (runs.has(id) ? [[id, rows] as const] : [])),
  );
  return entries
    .filter((entry) => !isGroup(entry) || !below.has(entry.id))
    .map((entry) => ({ entry, steps: below.get(idOf(entry)) ?? [] }));
}

/** Those that count, see `countingRuns`. */
export function counting({ rows }: BatchGroup): RunRow[] {
  return rowsOf(rows, countingRuns);
}

/** Those that can go on, see `unfinishedRuns`. */
export function unfinished({ rows }: BatchGroup): RunRow[] {
  return rowsOf(rows, unfinishedRuns);
}

function rowsOf(rows: readonly RunRow[], pick: (runs: readonly RunSummary[]) => RunSummary[]): RunRow[] {
  const byId = new Map(rows.map((row) => [row.summary.runId, row]));
  return pick(rows.map(({ summary }) => summary)).flatMap(({ runId }) => byId.get(runId) ?? []);
}

export const figuresOfGroup = ({ rows }: BatchGroup): BatchFigures =>
  batchFigures(rows.map(({ summary }) => summary));

/** Those that ended otherwise than with success. */
export const unsuccessful = (group: BatchGroup): RunRow[] =>
  counting(group).filter((row) => !isActive(row) && row.summary.state !== "success");

/** From the first that was queued to the last that ended, or until now. */
export function elapsedOf(group: BatchGroup, now: number): number {
  const begin = Math.min(...group.rows.map(({ summary }) => Date.parse(summary.queuedAt)));
  if (isAtWork(group)) return now - begin;
  const ends = group.rows.map(({ summary: { endedAt, queuedAt, durationMs } }) =>
    endedAt === null ? Date.parse(queuedAt) + durationMs : Date.parse(endedAt),
  );
  return Math.max(...ends) - begin;
}

/** The newest batch or run that can be run again; steps are part of their pipeline. */
export function newest(rows: readonly RunRow[]): Entry | undefined {
  return grouped(rows.filter(({ summary: { step, state } }) => step === null && state !== "unreadable")).sort(
    (a, b) => (idOf(a) < idOf(b) ? 1 : -1),
  )[0];
}
