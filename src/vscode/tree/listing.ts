import { isDeepStrictEqual } from "node:util";
import type { AgentRecord } from "../../model/agentRecord.ts";
import type { IndexSnapshot } from "../../model/indexerProtocol.ts";

export interface FolderAgents {
  name: string;
  /** Absolute path. */
  root: string;
  snapshot: IndexSnapshot | null;
}

/** Whether rows made of these say the same. */
export function sayTheSame(some: readonly FolderAgents[], others: readonly FolderAgents[]): boolean {
  return isSame(some, others, (a, b) => {
    if (a.name !== b.name || a.root !== b.root) return false;
    if (a.snapshot === null || b.snapshot === null) return a.snapshot === b.snapshot;
    const [one, other] = [a.snapshot, b.snapshot];
    return (
      isSame(one.agents, other.agents) &&
      isSame(one.rejected, other.rejected) &&
      isDeepStrictEqual([one.foreign, one.notes], [other.foreign, other.notes])
    );
  });
}

/** Records that stay are the same objects in each snapshot. */
const isSame = <T>(a: readonly T[], b: readonly T[], is: (a: T, b: T) => boolean = Object.is): boolean =>
  a.length === b.length && a.every((each, i) => is(each, b[i] as T));

/** An agent with its adapters, before it is given a place in the tree. */
export interface Listed {
  /** Also unique where a file has several classes of one name. */
  key: string;
  record: AgentRecord;
  adapters: AgentRecord[];
}

/** By name. Adapters stand below the class they wrap, and on their own where it is unknown. */
export function listedOf({ root, snapshot }: FolderAgents): Listed[] {
  const records = snapshot?.agents ?? [];
  const classes = new Map<string, AgentRecord[]>();
  for (const record of records) {
    if (record.adapts === null) classes.set(record.name, [...(classes.get(record.name) ?? []), record]);
  }
  const adapters = new Map<AgentRecord, AgentRecord[]>();
  const rows: AgentRecord[] = [];
  for (const record of records) {
    const named = record.adapts === null ? [] : (classes.get(record.adapts) ?? []);
    const wrapped = named.find((candidate) => candidate.file_path === record.file_path) ?? named[0];
    if (wrapped === undefined) rows.push(record);
    else adapters.set(wrapped, [...(adapters.get(wrapped) ?? []), record]);
  }
  const seen = new Map<string, number>();
  return rows
    .sort((a, b) => compare(a.name, b.name) || compare(a.file_path, b.file_path) || a.lineno - b.lineno)
    .map((record) => {
      const key = `${root}|${record.file_path}#${record.name}`;
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      return { key: nth === 0 ? key : `${key}~${nth}`, record, adapters: adapters.get(record) ?? [] };
    });
}

const { compare } = new Intl.Collator("en", { numeric: true });
