import type { BaseAgent } from "../core/agent.ts";
import { AgentUsageError } from "../core/errors.ts";

/** An agent, or its name. */
export type AgentOrName = string | Pick<BaseAgent, "metadata">;

/** The name; throws an {@link AgentUsageError} where there is none. */
export function nameOfAgent(agent: AgentOrName): string {
  const name: unknown =
    typeof agent === "string" ? agent : (agent as Partial<BaseAgent> | null | undefined)?.metadata?.name;
  if (typeof name === "string" && name.trim() !== "") return name;
  throw new AgentUsageError("Give an agent, or the name of one that is not empty.");
}
