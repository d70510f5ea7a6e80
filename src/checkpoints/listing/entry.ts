import type { CheckpointSummaryRow } from "../../model/checkpoints.ts";
import type { CheckpointLine } from "../../runtime/checkpoint/schema.ts";
import type { AgentListing } from "./agentListing.ts";

/** One checkpoint of a list. It begins with what the name of its file tells. */
export interface Entry {
  readonly id: string;
  /** The agent's folder that it is in. */
  readonly home: AgentListing;
  /** As long as nothing is known, the name of its folder. */
  agent: string;
  agentType: string;
  label: string | null;
  state: string;
  runId: string | null;
  parentId: string | null;
  bytes: number | null;
  redactions: number;
  lost: number;
  stateVersion: number;
  known: boolean;
  problem: string | null;
  /** In the list that was grouped last: a map of a hundred thousand ids costs more than all else. */
  place: number;
}

export const newEntry = (id: string, home: AgentListing): Entry => ({
  id,
  home,
  agent: home.name,
  agentType: "",
  label: null,
  state: "",
  runId: null,
  parentId: null,
  bytes: null,
  redactions: 0,
  lost: 0,
  stateVersion: 1,
  known: false,
  problem: null,
  place: -1,
});

type Told = Omit<CheckpointLine, "hash" | "timestamp" | "createdAt" | "schemaVersion">;

/** Texts that repeat are kept once. */
export class Texts {
  readonly #known = new Map<string, string>();

  one(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, text);
    return text;
  }
}

/** Longer texts are told by their beginnings: each row has some. */
const longest = 1_000;
const begun = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

export function tell(entry: Entry, line: Told, texts: Texts): void {
  if (line.agent.length > longest) {
    tellProblem(entry, `the name of its agent is longer than ${longest} characters`, line.bytes);
    return;
  }
  entry.agent = texts.one(line.agent);
  entry.agentType = texts.one(begun(line.agentType));
  entry.label = line.label === null ? null : texts.one(begun(line.label));
  entry.state = texts.one(line.state);
  entry.runId = line.runId === null ? null : texts.one(begun(line.runId));
  // An id is made after those that it follows: what says otherwise may go round in a circle.
  entry.parentId = line.parentId !== null && line.parentId < entry.id ? line.parentId : null;
  entry.bytes = line.bytes;
  entry.redactions = line.redactions;
  entry.lost = line.lost.length;
  entry.stateVersion = line.stateVersion ?? 1;
  entry.known = true;
  entry.problem = null;
}

export function tellProblem(entry: Entry, problem: string, bytes: number | null): void {
  entry.state = "unreadable";
  entry.problem = problem;
  entry.bytes = bytes;
  entry.known = true;
}

/** The time in the id, which is always one: a file may say anything. */
export const createdAt = (id: string): string => new Date(timeOf(id)).toISOString();

/** Milliseconds of a UUIDv7. */
export function timeOf(id: string): number {
  let time = 0;
  for (let i = 0; i < 13; i += 1) {
    if (i === 8) continue;
    const code = id.charCodeAt(i);
    time = time * 16 + (code > 57 ? code - 87 : code - 48);
  }
  return time;
}

/** Newest first; much faster than comparing ids, which is done only within a millisecond. */
export function newestFirst<T>(items: readonly T[], idOf: (item: T) => string): T[] {
  const count = items.length;
  const keys = new Float64Array(count);
  let first = Infinity;
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const time = timeOf(idOf(items[i] as T));
    keys[i] = time;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  const byId = (a: T, b: T) => (idOf(a) < idOf(b) ? 1 : -1);
  // More cannot be told apart in a double.
  if ((last - first + 1) * count >= Number.MAX_SAFE_INTEGER) return items.toSorted(byId);
  for (let i = 0; i < count; i += 1) keys[i] = ((keys[i] as number) - first) * count + i;
  keys.sort();
  const sorted = new Array<T>(count);
  let from = 0;
  let before = -1;
  const settle = (to: number) => {
    if (to - from < 2) return;
    for (const [i, item] of sorted.slice(from, to).sort(byId).entries()) sorted[from + i] = item;
  };
  for (let i = 0; i < count; i += 1) {
    const key = keys[count - 1 - i] as number;
    const time = Math.floor(key / count);
    sorted[i] = items[key - time * count] as T;
    if (time === before) continue;
    settle(i);
    before = time;
    from = i;
  }
  settle(count);
  return sorted;
}

/** @param newest the newest state version of the agent */
export function rowOfEntry(entry: Entry, newest: number): CheckpointSummaryRow {
  const { id, agent, agentType, label, state, runId, parentId, bytes, redactions, lost } = entry;
  const { stateVersion, problem, known, home } = entry;
  const { folder } = home.folder;
  const pinned = home.isPinned(id);
  return {
    ...{ folder, id, agent, agentType, label, state, runId, parentId, createdAt: createdAt(id), bytes },
    ...{ redactions, lost, pinned, stateVersion, outdated: known && stateVersion < newest, problem },
  };
}
