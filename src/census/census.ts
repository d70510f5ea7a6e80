import type { BaseLink } from "../model/agentRecord.ts";
import type { BasePackage, Census } from "../model/census.ts";
import { familiesOf } from "./families.ts";
import {
  agentsOf,
  baseKey,
  directBase,
  keyOf,
  moduleName,
  type Counted,
  type CountedFolder,
} from "./folders.ts";
import { countEntryPoints, countMethods } from "./methods.ts";

/** Counts the agents of one workspace folder or of several. `tests`: also those in test files. */
export function takeCensus(folders: readonly CountedFolder[], { tests }: { tests: boolean }): Census {
  const agents = agentsOf(folders, { tests });
  const everywhere = agentsOf(folders, { tests: true });
  const records = agents.map(({ record }) => record);
  const how = (test: (record: (typeof records)[number]) => boolean) => records.filter(test).length;
  const snapshots = folders.map(({ snapshot }) => snapshot);
  const migratable = records.filter(({ kind, abstract }) => kind === "class" && !abstract);
  return {
    folders: folders.map(({ name }) => name),
    files: snapshots.reduce((sum, { files }) => sum + files, 0),
    tests: { agents: everywhere.filter(({ record }) => record.test).length, counted: tests },
    agents: agents.length,
    orchestrators: how(({ role }) => role === "orchestrator"),
    kinds: {
      class: how(({ kind }) => kind === "class"),
      instance: how(({ kind }) => kind === "instance"),
      factory: how(({ kind }) => kind === "factory"),
    },
    languages: {
      typescript: how(({ language }) => language === "typescript"),
      javascript: how(({ language }) => language === "javascript"),
    },
    frameworks: tally(records.flatMap(({ framework }) => framework ?? [])),
    abstract: how(({ abstract }) => abstract),
    exported: how(({ exported }) => exported !== null),
    withoutCapability: how(({ capabilities }) => capabilities.length === 0),
    migration: {
      migrated: migratable.filter(({ migrated }) => migrated).length,
      possible: migratable.length,
    },
    bases: countBases(agents),
    ...familiesOf(agents),
    methods: countMethods(agents),
    entryPoints: countEntryPoints(agents, folders),
    orchestration: countOrchestration(agents),
    foreign: tally(snapshots.flatMap(({ foreign }) => foreign.map(({ language }) => language))),
  };
}

function countBases(agents: readonly Counted[]): Census["bases"] {
  const bases = new Map<string, BaseLink & { agents: number }>();
  for (const { folder, record } of agents) {
    const base = directBase(record);
    if (base === null) continue;
    const key = baseKey(folder, base);
    const known = bases.get(key) ?? { ...base, agents: 0 };
    known.agents += 1;
    bases.set(key, known);
  }
  const packages = new Map<string, BasePackage>();
  for (const base of bases.values()) {
    if (base.module === null) continue;
    const module = moduleName(base.module);
    const known = packages.get(module) ?? { module, bases: [], agents: 0 };
    known.bases.push(base.name);
    known.agents += base.agents;
    packages.set(module, known);
  }
  const how = (test: (base: BaseLink) => boolean) => [...bases.values()].filter(test).length;
  return {
    all: bases.size,
    workspace: how(({ file_path }) => file_path !== null),
    packages: [...packages.values()].sort((a, b) => b.agents - a.agents || (a.module < b.module ? -1 : 1)),
    unresolved: how(({ file_path, module }) => file_path === null && module === null),
  };
}

/** An orchestrator by its role may keep agents that only a running program knows: its file counts, without a pair. */
function countOrchestration(agents: readonly Counted[]): Census["orchestration"] {
  const orchestrating = agents.filter(
    ({ record }) => record.role === "orchestrator" || record.orchestrates.length > 0,
  );
  const pairs = orchestrating.flatMap((agent) =>
    agent.record.orchestrates.map(({ file_path, name }) => `${keyOf(agent)} ${file_path}#${name}`),
  );
  return {
    files: new Set(orchestrating.map(({ folder, record }) => `${folder}|${record.file_path}`)).size,
    agents: orchestrating.length,
    pairs: new Set(pairs).size,
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
