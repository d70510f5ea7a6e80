import type { AgentRecord } from "../../model/agentRecord.ts";
import { canBeMigrated } from "../abilities.ts";

/** What the filter knows by `is:`. */
export const traits = [
  "agent",
  "orchestrator",
  "class",
  "instance",
  "factory",
  "abstract",
  "test",
  "exported",
  "migrated",
  "legacy",
] as const;
export type Trait = (typeof traits)[number];

/** What grouping and filtering ask of an agent. */
export interface Facts {
  name: string;
  /** Relative to the workspace folder, with forward slashes. */
  file: string;
  /** From the nearest base class up. */
  bases: string[];
  /** The file or package of the nearest one; "" where neither is known. */
  origin: string;
  capabilities: string[];
  traits: Trait[];
}

export function factsOf(record: AgentRecord): Facts {
  return {
    name: record.name,
    file: record.file_path,
    bases: record.base_chain.map(({ name }) => name),
    origin: record.base_chain[0]?.file_path ?? record.base_chain[0]?.module ?? "",
    capabilities: record.capabilities.map(({ name }) => name),
    traits: traits.filter((trait) => has[trait](record)),
  };
}

const has: Record<Trait, (record: AgentRecord) => boolean> = {
  agent: ({ role }) => role === "agent",
  orchestrator: ({ role }) => role === "orchestrator",
  class: ({ kind }) => kind === "class",
  instance: ({ kind }) => kind === "instance",
  factory: ({ kind }) => kind === "factory",
  abstract: ({ abstract }) => abstract,
  test: ({ test }) => test,
  exported: ({ exported }) => exported !== null,
  migrated: ({ migrated }) => migrated,
  legacy: canBeMigrated,
};
