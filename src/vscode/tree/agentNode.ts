import type { AgentRecord, BaseLink, Capability } from "../../model/agentRecord.ts";
import { displayName } from "../../model/displayName.ts";
import type { FolderAgents, Listed } from "./listing.ts";
import { once, row, type Node } from "./node.ts";

export interface Folder extends FolderAgents {
  /** The lines of all known classes by `file#name`. */
  lines: () => Map<string, number>;
}

export function withLines(agents: FolderAgents): Folder {
  return {
    ...agents,
    lines: once(() => {
      const known = [...(agents.snapshot?.rejected ?? []), ...(agents.snapshot?.agents ?? [])];
      return new Map(known.map(({ file_path, name, lineno }) => [`${file_path}#${name}`, lineno]));
    }),
  };
}

/** The row of an agent, its capabilities, base classes and adapters below it. */
export function agentNode(
  folder: Folder,
  { record, adapters }: Listed,
  id: string,
  parent: Node | null,
): Node {
  const inFolder = parent?.group?.grouping === "folder";
  const file = inFolder ? record.file_path.slice(record.file_path.lastIndexOf("/") + 1) : record.file_path;
  const node = row({
    kind: "agent",
    id,
    label: displayName(record.name),
    description: [file, madeText(record), record.migrated ? "migrated" : ""].filter(Boolean).join(" · "),
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

/** What an agent is that is no class: "instance of Agent of @openai/agents, named …" */
function madeText({ kind, evidence }: AgentRecord): string {
  if (kind === "factory") return "factory";
  return kind === "instance" ? evidence.slice(0, 2).join(", ") : "";
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
    description: `${howBased(record, step)} · ${origin}`,
    place:
      base.file_path === null
        ? null
        : { root: folder.root, file: base.file_path, line: known ?? null, name: base.name },
    record,
    parent,
  });
}

function howBased({ kind }: AgentRecord, step: number): string {
  if (step > 0) return "which extends";
  return kind === "class" ? "extends" : "made with";
}

function whereIs(file: string, line: number, near: AgentRecord): string {
  return file === near.file_path ? `line ${line}` : file;
}
