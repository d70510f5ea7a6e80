import type { AgentRecord, BaseLink } from "./agentRecord.ts";

/** Of functions: how many are declared `async`, and how many are not. */
export interface AsyncSplit {
  async: number;
  sync: number;
}

/** An agent in a family. */
export interface FamilyMember {
  name: string;
  /** The name of its workspace folder. */
  folder: string;
  file_path: string;
  lineno: number;
  role: AgentRecord["role"];
  kind: AgentRecord["kind"];
  abstract: boolean;
  test: boolean;
  migrated: boolean;
  /** What it extends directly; null for the root itself. */
  base: string | null;
}

/** The agents that go back to one base class, which is one of them where it is an agent of the workspace. */
export interface Family extends BaseLink {
  /** The workspace folder of a root of the workspace. */
  folder: string | null;
  members: FamilyMember[];
}

/** The base classes that agents take from one package. */
export interface BasePackage {
  module: string;
  bases: string[];
  /** The agents that extend one of them directly. */
  agents: number;
}

/** What there is of agents in a code base, in numbers. Adapters of this extension count as nothing. */
export interface Census {
  /** Names of the workspace folders. */
  folders: string[];
  /** Source files read. */
  files: number;
  /** Agents in test files, and whether they are among the agents counted below. */
  tests: { agents: number; counted: boolean };
  agents: number;
  orchestrators: number;
  kinds: Record<AgentRecord["kind"], number>;
  languages: Record<AgentRecord["language"], number>;
  /** Agents by the package of their agent framework. */
  frameworks: Record<string, number>;
  abstract: number;
  exported: number;
  withoutCapability: number;
  /** Classes with an adapter, of those that can have one: classes that are not abstract. */
  migration: { migrated: number; possible: number };
  /** Distinct classes that agents extend directly. */
  bases: { all: number; workspace: number; packages: BasePackage[]; unresolved: number };
  /** Largest first. */
  families: Family[];
  /** Agents without a base class that are nobody's base class either. */
  standalone: FamilyMember[];
  /** Methods that agents declare themselves, by the capability that their name proves. */
  methods: AsyncSplit & { capabilities: Record<string, AsyncSplit> };
  /** Agents by the method that a task goes to, own or inherited; `none` where the workspace holds none. */
  entryPoints: AsyncSplit & { none: number };
  /** Files with an agent that orchestrates, those agents, and the pairs of an agent and one that it orchestrates. */
  orchestration: { files: number; agents: number; pairs: number };
  /** Classes that only an index file tells of, by language. */
  foreign: Record<string, number>;
}
