import { AgentUsageError, fieldOf } from "../errors.ts";
import { shown } from "../options.ts";
import type { AgentOptions } from "../types.ts";
import type { ParameterOption } from "./arguments.ts";
import type { AdapterMapping, ArgumentSource, FailedWhenMapping, SnapshotMapping } from "./mapping.ts";

/** How a legacy agent is wrapped. What is said here counts more than what the mapping says. */
export interface AdapterOptions extends Omit<AgentOptions, "failedWhen"> {
  /** A free category, for example "research". */
  agentType: string;
  /** Names the adapter and its checkpoints; defaults to the name of the legacy class. */
  name?: string | undefined;
  /** Defaults to what the names of the legacy methods prove, which for an asynchronous factory is known when it is done. */
  capabilities?: readonly string[] | undefined;
  /**
   * The names of those of `tools` that the agent declares, as its `metadata.tools`: any other is refused and recorded.
   * Where nothing is declared, its capabilities alone decide; an empty list refuses all.
   */
  declaredTools?: readonly string[] | undefined;
  /** The agent's own version; defaults to "1.0.0". */
  version?: string | undefined;
  /** What the class or the factory is called with; nothing by default. */
  args?: readonly unknown[] | undefined;
  /** How the agents of each class are called; by default found by names. */
  mapping?: AdapterMapping | undefined;
  /** The method that takes the task; by default found by its name. */
  method?: string | undefined;
  /** The parameters of that method, in order; by default read from its source. */
  parameters?: readonly ParameterOption[] | undefined;
  /** The arguments of that method, in order; by default filled by its parameters, as null says too. */
  arguments?: readonly ArgumentSource[] | null | undefined;
  /** The method that `initialize` calls, null for none; by default found by its name. */
  init?: string | null | undefined;
  /** The method that `shutdown` calls, null for none; by default found by its name. */
  close?: string | null | undefined;
  /** What is kept in checkpoints and rolled back, null for nothing; by default the agent's own enumerable plain data. */
  snapshot?: SnapshotMapping | null | undefined;
  /** Which returned values count as failure, null for none; by default none. A function answers as in {@link AgentOptions}. */
  failedWhen?: AgentOptions["failedWhen"] | FailedWhenMapping | null;
}

/** Throws an {@link AgentUsageError} for options that are none, or lack the type of the agent. */
export function checkAdapterOptions(options: unknown): void {
  const isObject = typeof options === "object" && options !== null;
  const agentType = isObject ? fieldOf(options, "agentType") : undefined;
  if (typeof agentType === "string") return;
  const got = isObject ? `options whose agentType is ${shown(agentType)}` : shown(options);
  throw new AgentUsageError(
    `UniversalAgentAdapter needs options with an agentType, such as {agentType: "research"}; it got ${got}.`,
  );
}
