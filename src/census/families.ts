import type { BaseLink } from "../model/agentRecord.ts";
import type { Family, FamilyMember } from "../model/census.ts";
import { baseKey, directBase, keyOf, moduleName, type Counted } from "./folders.ts";

export interface Families {
  families: Family[];
  standalone: FamilyMember[];
}

/**
 * Puts each agent into the family of its root: the farthest agent or package class up its heritage. What is no agent, belongs to
 * Node or emits events is a root only of classes that have nothing else.
 */
export function familiesOf(agents: readonly Counted[]): Families {
  const own = new Map(agents.map((agent) => [keyOf(agent), agent]));
  const extended = new Set(
    agents.flatMap(({ folder, record }) => record.base_chain.map((link) => baseKey(folder, link))),
  );
  const families = new Map<string, Family>();
  const standalone: FamilyMember[] = [];
  for (const agent of agents) {
    const { folder, record } = agent;
    const rank = (link: BaseLink) => rankOf(link, own.has(baseKey(folder, link)));
    const chain = record.base_chain.length > 0 ? record.base_chain : [directBase(record) ?? []].flat();
    const best = Math.max(0, ...chain.map(rank));
    const itself = best < AGENT_BASE && extended.has(keyOf(agent));
    const root = itself
      ? { name: record.name, file_path: record.file_path, module: null }
      : chain.findLast((link) => rank(link) === best);
    if (root === undefined) {
      standalone.push(memberOf(agent, null));
      continue;
    }
    const key = baseKey(folder, root);
    const family: Family = families.get(key) ?? {
      ...root,
      module: root.module === null ? null : moduleName(root.module),
      folder: root.file_path === null ? null : folder,
      members: [],
    };
    families.set(key, family);
    const isRoot = key === keyOf(agent);
    family.members.push(memberOf(agent, isRoot ? null : (directBase(record)?.name ?? null)));
  }
  return { families: [...families.values()].sort(bySize), standalone };
}

const AGENT_BASE = 3;

function rankOf({ name, file_path, module }: BaseLink, isAgent: boolean): number {
  if (file_path !== null) return isAgent ? AGENT_BASE : 2;
  return module === null || isPlumbing(name, module) ? 1 : AGENT_BASE;
}

const isPlumbing = (name: string, module: string): boolean =>
  /^node:|^(?:events|stream|async_hooks|worker_threads)$/.test(module) ||
  /Event(?:Emitter|Target)\d?$/.test(name);

function memberOf({ folder, record }: Counted, base: string | null): FamilyMember {
  const { name, file_path, lineno, role, kind, abstract, test, migrated } = record;
  return { name, folder, file_path, lineno, role, kind, abstract, test, migrated, base };
}

function bySize(a: Family, b: Family): number {
  return b.members.length - a.members.length || compare(a.name, b.name);
}

const { compare } = new Intl.Collator("en", { numeric: true });
