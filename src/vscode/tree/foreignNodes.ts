import { agentCount } from "../../model/agentCount.ts";
import type { ForeignAgent } from "../../model/indexerProtocol.ts";
import type { Facts } from "./facts.ts";
import { once, row, type Node } from "./node.ts";

/** Agents that only an existing index file tells of: they can be looked at. */
export function foreignNodes(root: string, foreign: readonly ForeignAgent[], parent: Node | null): Node[] {
  if (foreign.length === 0) return [];
  const node = row({
    kind: "languages",
    id: `${root}|languages`,
    label: "Other languages",
    description: `${agentCount(foreign.length)}, to be browsed only`,
    parent,
  });
  node.children = once(() =>
    foreign.map(({ name, file_path: file, lineno: line, language, reason }) =>
      row({
        kind: "foreign",
        id: `${node.id}|${file}#${name}`,
        label: name,
        description: `${language} · ${file}`,
        detail: reason,
        place: { root, file, line: Math.max(line, 1), name },
        parent: node,
      }),
    ),
  );
  return [node];
}

export function foreignFacts({ name, file_path: file, bases, capabilities }: ForeignAgent): Facts {
  return { name, file, bases, origin: "", capabilities, traits: [] };
}
