import { BranchSegments, segmentNode, type Segment } from "./segments.ts";
import type { Entry } from "../listing/entry.ts";
import { keyOf } from "./listed.ts";

/** Deeper rows are not moved further to the right. */
const deepest = 32;

/** A row before it is written out. */
export type Node = {
  node: string;
  depth: number;
  guides: string;
  childCount: number;
  collapsed: boolean;
} & ({ kind: "checkpoint"; one: Entry } | { kind: "run"; segment: Segment } | AgentNode);

export interface AgentNode {
  kind: "agent";
  folder: string;
  agent: string;
  /** Newest first. */
  all: Entry[];
}

type Content = { kind: "checkpoint"; one: Entry } | { kind: "run"; segment: Segment } | AgentNode;

interface Task {
  content: Content;
  depth: number;
  /** Of the levels above. */
  above: string;
  last: boolean;
}

/**
 * Agents, their runs, newest first, and the checkpoints of these; what went on from a checkpoint in another run, or was
 * forked of it, stands below it.
 * @param listed newest first
 */
export function branchRows(listed: readonly Entry[], collapsed: ReadonlySet<string>): Node[] {
  const segments = new BranchSegments(listed);
  const nodes: Node[] = [];
  const tasks: Task[] = [];
  const push = (children: Content[], depth: number, above: string) => {
    for (let i = children.length - 1; i >= 0; i -= 1)
      tasks.push({ content: children[i] as Content, depth, above, last: i === children.length - 1 });
  };
  push(agentsOf(listed), 0, "");
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { content, depth, above, last } = task;
    const node = nodeName(content);
    const isCollapsed = collapsed.has(node);
    const children = childrenOf(content, segments);
    const guides = depth === 0 ? "" : above + (last ? "`" : "+");
    nodes.push({ ...content, node, depth, guides, childCount: children.length, collapsed: isCollapsed });
    if (isCollapsed || children.length === 0) continue;
    const further = depth === 0 || depth >= deepest ? above : above + (last ? " " : "|");
    push(children, Math.min(depth + 1, deepest), further);
  }
  return nodes;
}

const nodeName = (content: Content): string => {
  if (content.kind === "checkpoint") return keyOf(content.one);
  if (content.kind === "agent") return `agent:${content.folder}|${content.agent}`;
  return segmentNode(content.segment);
};

function childrenOf(content: Content, segments: BranchSegments): Content[] {
  if (content.kind === "agent") return segments.rootsOf(content.folder, content.agent).flatMap(opened);
  if (content.kind === "checkpoint") return segments.below(content.one).flatMap(opened);
  return content.segment.checkpoints.map((one) => ({ kind: "checkpoint", one }));
}

/** Checkpoints without a run need no row above them. */
const opened = (segment: Segment): Content[] =>
  segment.runId === null
    ? segment.checkpoints.map((one) => ({ kind: "checkpoint", one }))
    : [{ kind: "run", segment }];

/** Agents of two workspace folders are two. */
function agentsOf(listed: readonly Entry[]): AgentNode[] {
  const nodes: AgentNode[] = [];
  const known = new Map<string, Map<string, AgentNode>>();
  for (const entry of listed) {
    const { folder } = entry.home.folder;
    let agents = known.get(folder);
    if (agents === undefined) known.set(folder, (agents = new Map<string, AgentNode>()));
    const node = agents.get(entry.agent);
    if (node !== undefined) {
      node.all.push(entry);
      continue;
    }
    const made: AgentNode = { kind: "agent", folder, agent: entry.agent, all: [entry] };
    agents.set(entry.agent, made);
    nodes.push(made);
  }
  return nodes;
}
