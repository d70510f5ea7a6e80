import type { BaseLink } from "../model/agentRecord.ts";
import { baseKey, directBase, keyOf, type Counted } from "./folders.ts";

/** An agent with the root of its family. */
export interface Rooted {
  agent: Counted;
  /** Nearest first, as far as the root; empty where it is the root itself or has none. */
  chain: BaseLink[];
  /** Null where it stands alone. */
  root: BaseLink | null;
}

/**
 * Finds the root of each agent: the farthest agent or package class up its heritage. What is no agent, belongs to
 * Node or emits events is a root only of classes that have nothing else.
 */
export function rootsOf(agents: readonly Counted[]): Rooted[] {
  const own = new Set(agents.map(keyOf));
  const extended = new Set(
    agents.flatMap(({ folder, record }) => record.base_chain.map((link) => baseKey(folder, link))),
  );
  return agents.map((agent) => {
    const { folder, record } = agent;
    const chain = record.base_chain.length > 0 ? record.base_chain : [directBase(record) ?? []].flat();
    const ranks = chain.map((link) => rankOf(link, own.has(baseKey(folder, link))));
    const best = Math.max(0, ...ranks);
    if (best < AGENT_BASE && extended.has(keyOf(agent)))
      return { agent, chain: [], root: { name: record.name, file_path: record.file_path, module: null } };
    const upTo = chain.slice(0, ranks.lastIndexOf(best) + 1);
    return { agent, chain: upTo, root: upTo.at(-1) ?? null };
  });
}

const AGENT_BASE = 3;

function rankOf({ name, file_path, module }: BaseLink, isAgent: boolean): number {
  if (file_path !== null) return isAgent ? AGENT_BASE : 2;
  return module === null || isPlumbing(name, module) ? 1 : AGENT_BASE;
}

const isPlumbing = (name: string, module: string): boolean =>
  /^node:|^(?:events|stream|async_hooks|worker_threads)$/.test(module) ||
  /Event(?:Emitter|Target)\d?$/.test(name);
