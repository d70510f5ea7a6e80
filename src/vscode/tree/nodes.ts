import type { AgentRecord, BaseLink, Capability } from "../../model/agentRecord.ts";
import { displayName } from "../../model/displayName.ts";
import type { IndexSnapshot } from "../../model/indexerProtocol.ts";

/** Where a row leads: a file of a workspace folder (forward slashes); without a line, the class is looked for by name. */
export interface Place {
  root: string;
  file: string;
  line: number | null;
  name: string;
}

export type NodeKind = "folder" | "agent" | "adapter" | "capability" | "base";

/** A row of the Agents view as plain data. */
export interface Node {
  kind: NodeKind;
  /** Stable over updates, so that expansion and selection survive. */
  id: string;
  label: string;
  description: string;
  place: Place | null;
  /** The class the row stands for or belongs to; null for folders. */
  record: AgentRecord | null;
  parent: Node | null;
  capability: Capability | null;
  children(): Node[];
}

export interface FolderAgents {
  name: string;
  /** Absolute path. */
  root: string;
  snapshot: IndexSnapshot | null;
}

interface Folder extends FolderAgents {
  /** The lines of all known classes by `file#name`. */
  lines: () => Map<string, number>;
}

/** Folder rows only where there is more than one folder. */
export function rootNodes(folders: readonly FolderAgents[]): Node[] {
  const [first] = folders;
  if (first === undefined) return [];
  if (folders.length === 1) return agentNodes(first, null);
  return folders.map((folder) => {
    const node = row({ kind: "folder", id: folder.root, label: folder.name, description: countOf(folder) });
    node.children = once(() => agentNodes(folder, node));
    return node;
  });
}

function countOf({ snapshot }: FolderAgents): string {
  if (snapshot === null) return "";
  const count = snapshot.agents.filter((record) => record.adapts === null).length;
  return count === 1 ? "1 agent" : `${count} agents`;
}

function agentNodes(agents: FolderAgents, parent: Node | null): Node[] {
  const records = agents.snapshot?.agents ?? [];
  const folder: Folder = {
    ...agents,
    lines: once(() => {
      const known = [...(agents.snapshot?.rejected ?? []), ...records];
      return new Map(known.map(({ file_path, name, lineno }) => [`${file_path}#${name}`, lineno]));
    }),
  };
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
      const key = `${folder.root}|${record.file_path}#${record.name}`;
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      return agentNode(folder, record, adapters.get(record) ?? [], nth === 0 ? key : `${key}~${nth}`, parent);
    });
}

function agentNode(
  folder: Folder,
  record: AgentRecord,
  adapters: AgentRecord[],
  id: string,
  parent: Node | null,
): Node {
  const node = row({
    kind: "agent",
    id,
    label: displayName(record.name),
    description: record.migrated ? `${record.file_path} · migrated` : record.file_path,
    place: { root: folder.root, file: record.file_path, line: record.lineno, name: record.name },
    record,
    parent,
  });
  node.children = once(() => [
    ...record.capabilities.map((capability) => capabilityNode(folder, record, capability, node)),
    ...record.base_chain.map((base, step) => baseNode(folder, record, base, step, node)),
    ...adapters.map((adapter) =>
      row({
        kind: "adapter",
        id: `${id}|adapter|${adapter.file_path}#${adapter.name}`,
        label: adapter.name,
        description: `adapter · ${whereIs(adapter.file_path, adapter.lineno, record)}`,
        place: { root: folder.root, file: adapter.file_path, line: adapter.lineno, name: adapter.name },
        record: adapter,
        parent: node,
      }),
    ),
  ]);
  return node;
}

function capabilityNode(folder: Folder, record: AgentRecord, capability: Capability, parent: Node): Node {
  const from = record.inherited_methods.find((method) => method.name === capability.method)?.from;
  const proof = capability.own ? `line ${capability.lineno}` : `inherited from ${from ?? "a base class"}`;
  return row({
    kind: "capability",
    id: `${parent.id}|capability|${capability.name}`,
    label: capability.name,
    description: `${capability.method} · ${proof}`,
    place:
      capability.file_path === ""
        ? null
        : { root: folder.root, file: capability.file_path, line: capability.lineno, name: capability.method },
    record,
    capability,
    parent,
  });
}

function baseNode(folder: Folder, record: AgentRecord, base: BaseLink, step: number, parent: Node): Node {
  const known = folder.lines().get(`${base.file_path ?? ""}#${base.name}`);
  const origin =
    base.file_path ?? (base.module === null ? "not found in this workspace" : `from ${base.module}`);
  return row({
    kind: "base",
    id: `${parent.id}|base|${step}|${base.name}`,
    label: base.name,
    description: `${step === 0 ? "extends" : "which extends"} · ${origin}`,
    place:
      base.file_path === null
        ? null
        : { root: folder.root, file: base.file_path, line: known ?? null, name: base.name },
    record,
    parent,
  });
}

function whereIs(file: string, line: number, near: AgentRecord): string {
  return file === near.file_path ? `line ${line}` : file;
}

function row(fields: Pick<Node, "kind" | "id" | "label" | "description"> & Partial<Node>): Node {
  return { place: null, record: null, parent: null, capability: null, children: () => [], ...fields };
}

function once<T>(compute: () => T): () => T {
  let computed: { value: T } | null = null;
  return () => (computed ??= { value: compute() }).value;
}

const { compare } = new Intl.Collator("en", { numeric: true });
