import { AgentUsageError } from "./errors.ts";

/** What {@link AgentMetadata} is made from. */
export interface AgentMetadataInit {
  /** Names the agent and its checkpoint folder; the same at every start of the program. */
  name: string;
  /** A free category, for example "research". */
  agentType: string;
  /** What the agent can do; defaults to nothing. */
  capabilities?: readonly string[] | undefined;
  /** Defaults to "1.0.0". */
  version?: string | undefined;
  /** The shared tools the agent declares; what is left out is refused. Undeclared, its capabilities alone decide. */
  tools?: readonly string[] | undefined;
}

/** Who an agent is and what it can do. */
export class AgentMetadata {
  /** Names the agent and its checkpoint folder. */
  readonly name: string;
  /** A free category, for example "research". */
  readonly agentType: string;
  /** What the agent can do, for example "task_execution". */
  readonly capabilities: readonly string[];
  /** The agent's own version. */
  readonly version: string;
  /** The shared tools it declares; undefined where it declares none and its capabilities alone decide. */
  readonly tools: readonly string[] | undefined;

  /** Copies the given values; throws an {@link AgentUsageError} where name or type is missing, or a list is none of texts. */
  constructor(init: AgentMetadataInit) {
    if (
      typeof (init as Partial<AgentMetadataInit> | undefined)?.name !== "string" ||
      init.name.trim() === ""
    ) {
      throw new AgentUsageError("AgentMetadata needs a name that is not empty.");
    }
    if (typeof init.agentType !== "string") throw new AgentUsageError("AgentMetadata needs an agentType.");
    this.name = init.name;
    this.agentType = init.agentType;
    this.capabilities = listOf("capabilities", init.capabilities ?? []);
    this.version = init.version ?? "1.0.0";
    this.tools = init.tools === undefined ? undefined : listOf("tools", init.tools);
  }
}

function listOf(field: string, names: readonly string[]): readonly string[] {
  const valid = Array.isArray(names) && names.every((name) => typeof name === "string");
  if (!valid) throw new AgentUsageError(`AgentMetadata needs ${field} that are a list of names.`);
  return Object.freeze([...names]);
}
