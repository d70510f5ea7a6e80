import type { BaseLink } from "../model/agentRecord.ts";
import { displayName } from "../model/displayName.ts";
import type { Picture, PictureLink, PictureNode } from "../model/picture.ts";
import {
  agentsOf,
  baseKey,
  classKey,
  keyOf,
  moduleName,
  type Counted,
  type CountedFolder,
} from "./folders.ts";
import { rootsOf } from "./roots.ts";

/** Who extends whom, as far as the roots of the families, and who orchestrates whom. */
export function pictureOf(folders: readonly CountedFolder[]): Picture {
  const rooted = rootsOf(agentsOf(folders, { tests: true }));
  const nodes = new Map<string, PictureNode>();
  const ids = new Map<Counted, string>();
  for (const { agent } of rooted) {
    const key = keyOf(agent);
    // Two classes of one name in one file.
    const id = nodes.has(key) ? `${key}:${agent.record.lineno}` : key;
    ids.set(agent, id);
    nodes.set(id, agentNode(id, agent));
  }
  for (const { agent, chain } of rooted) {
    let below = nodes.get(ids.get(agent) ?? "");
    for (const link of chain) {
      const id = baseKey(agent.folder, link);
      const base = nodes.get(id) ?? baseNode(id, agent.folder, link);
      nodes.set(id, base);
      if (below !== undefined && !isAbove(nodes, base, below)) below.base = id;
      below = base;
    }
  }
  return { nodes: [...nodes.values()], links: linksOf(ids, nodes) };
}

function agentNode(id: string, { folder, record }: Counted): PictureNode {
  const { name, file_path, lineno, role, abstract, test, migrated } = record;
  return {
    id,
    name: displayName(name),
    kind: role === "orchestrator" ? "orchestrator" : "agent",
    abstract,
    test,
    migrated,
    place: { folder, file_path, lineno, name },
    origin: file_path,
    base: null,
  };
}

function baseNode(id: string, folder: string, { name, file_path, module }: BaseLink): PictureNode {
  return {
    id,
    name: displayName(name),
    kind: file_path === null ? "outside" : "other",
    abstract: false,
    test: false,
    migrated: false,
    place: file_path === null ? null : { folder, file_path, lineno: null, name },
    origin: file_path ?? (module === null ? "not found in this workspace" : moduleName(module)),
    base: null,
  };
}

/** Code under work may extend itself in a circle: the picture stays a tree. */
function isAbove(nodes: ReadonlyMap<string, PictureNode>, from: PictureNode, sought: PictureNode): boolean {
  for (let node: PictureNode | undefined = from; node !== undefined; node = nodes.get(node.base ?? ""))
    if (node === sought) return true;
  return false;
}

function linksOf(ids: ReadonlyMap<Counted, string>, nodes: ReadonlyMap<string, PictureNode>): PictureLink[] {
  const links = new Map<string, PictureLink>();
  for (const [{ folder, record }, from] of ids) {
    for (const { file_path, name, how } of record.orchestrates) {
      const to = classKey(folder, file_path, name);
      if (to === from || !nodes.has(to)) continue;
      const link = links.get(`${from} ${to}`) ?? { from, to, how: [] };
      links.set(`${from} ${to}`, link);
      if (!link.how.includes(how)) link.how.push(how);
    }
  }
  return [...links.values()];
}
