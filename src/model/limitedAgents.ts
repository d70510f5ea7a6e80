import { agentLimitProblem, type AgentLimits } from "./agentLimits.ts";
import { formatAgentRef } from "./agentRef.ts";
import { UserError } from "./userError.ts";
import { wildcard } from "./wildcard.ts";

interface Limit {
  matches: RegExp;
  /** Of several limits that name an agent the most exact counts, and of those the smallest. */
  exactness: number;
  most: number;
}

/** How many runs of which agents may be at work at a time. */
export class LimitedAgents {
  readonly #limits: readonly Limit[];

  /** Throws a UserError for a limit that is none. */
  constructor(limits: AgentLimits) {
    const list = Object.entries(limits).map(([agent, most]) => {
      const problem = agentLimitProblem(agent, most);
      if (problem !== null) throw new UserError(problem);
      const exactness = (agent.includes("*") ? 0 : 2) + (agent.includes("#") ? 1 : 0);
      return { matches: wildcard(agent), exactness, most };
    });
    this.#limits = list.sort((a, b) => b.exactness - a.exactness || a.most - b.most);
  }

  /** Undefined where an agent has no limit. */
  most({ file_path, name }: { file_path: string; name: string }): number | undefined {
    const names = [formatAgentRef({ file: file_path, name }), name];
    return this.#limits.find(({ matches }) => names.some((each) => matches.test(each)))?.most;
  }
}
