import { BranchSegments, segmentNode, type Segment } from "./segments.ts";
import type { AgentRow } from "../../model/checkpoints.ts";
import type { Entry } from "../listing/entry.ts";
import { keyOf } from "./listed.ts";

/** Deeper rows are not moved further to the right. */
const deepest = 32;

/** A row before it is written out. */
export type Node = Content & { depth: number; guides: string } & Pick<
    AgentRow,
    "position" | "siblings" | "childCount" | "collapsed"
  >;

/** Of a row that no other is above or below. */
export const unplaced = {
  ...{ depth: 0, guides: "", position: 0, siblings: 0, childCount: 0, collapsed: false },
};

export interface AgentNode {
  folder: string;
  agent: string;
  /** Newest first. */
  all: Entry[];
}

type Content =
  | { kind: "checkpoint"; content: Entry }
  | { kind: "run"; content: Segment }
  | { kind: "agent"; content: AgentNode };

/**
 * Agents, their runs, newest first, and the checkpoints of these; what went on from a checkpoint in another run, or was
 * forked of it, stands below it.
 * @param listed newest first
 * @param collapsed by their names
 */
export function branchRows(listed: readonly Entry[], collapsed: ReadonlySet<string>): Node[] {
  const segments = new BranchSegments(listed);
  const nodes: Node[] = [];
  /** The next one is the last of them. */
  const ahead: Node[] = agentsOf(listed)
    .map((content): Node => ({ kind: "agent", content, ...unplaced }))
    .reverse();
  place(ahead, 0);
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    nodes.push(node);
    node.collapsed = collapsed.size > 0 && collapsed.has(nodeName(node));
    const before = ahead.length;
    addChildren(node, segments, ahead);
    node.childCount = ahead.length - before;
    place(ahead, before);
    if (node.collapsed) ahead.length = before;
  }
  return nodes;
}

/** Of siblings the first one comes last. */
function place(nodes: readonly Node[], from: number): void {
  for (let i = from; i < nodes.length; i += 1) {
    const node = nodes[i] as Node;
    node.position = nodes.length - i;
    node.siblings = nodes.length - from;
  }
}

/** What a row is kept collapsed by. */
export function nodeName({ kind, content }: Node): string {
  if (kind === "checkpoint") return keyOf(content);
  if (kind === "agent") return `agent:${content.folder}|${content.agent}`;
  return segmentNode(content);
}

/** The first of them comes last. */
function addChildren(node: Node, segments: BranchSegments, to: Node[]): void {
  const { kind, content, guides } = node;
  const depth = Math.min(node.depth + 1, deepest);
  const above =
    node.depth === 0 || node.depth >= deepest
      ? guides.slice(0, -1)
      : guides.slice(0, -1) + (guides.endsWith("`") ? " " : "|");
  const further = `${above}+`;
  let guide = `${above}\``;
  const add = (child: Content["kind"], of: Content["content"]) => {
    to.push(nodeOf(child, of, depth, guide));
    guide = further;
  };
  if (kind === "run") addCheckpoints(content, add);
  else
    for (const segment of (kind === "agent"
      ? segments.rootsOf(content.folder, content.agent)
      : segments.below(content)
    ).toReversed())
      // Checkpoints without a run need no row above them.
      if (segment.runId === null) addCheckpoints(segment, add);
      else add("run", segment);
}

/** Made in one piece: there are as many as rows. */
const nodeOf = (kind: Content["kind"], content: Content["content"], depth: number, guides: string): Node =>
  ({ kind, content, depth, guides, position: 0, siblings: 0, childCount: 0, collapsed: false }) as Node;

function addCheckpoints({ checkpoints }: Segment, add: (kind: "checkpoint", one: Entry) => void): void {
  for (let i = checkpoints.length - 1; i >= 0; i -= 1) add("checkpoint", checkpoints[i] as Entry);
}

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
    const made: AgentNode = { folder, agent: entry.agent, all: [entry] };
    agents.set(entry.agent, made);
    nodes.push(made);
  }
  return nodes;
}
