import { agentLimitProblem, type AgentLimits } from "../model/agentLimits.ts";
import { formatAgentRef } from "../model/agentRef.ts";
import { folderPath } from "../model/folderPath.ts";
import { UserError } from "../model/userError.ts";
import { wildcard } from "../model/wildcard.ts";
import { Slots, type StartRequest } from "./startRequest.ts";

type Agent = Pick<StartRequest, "root" | "file" | "name">;
interface Limit {
  matches: RegExp;
  /** Of several limits that name an agent the most exact counts, and of those the smallest. */
  exactness: number;
  most: number;
}

/** The slots of agents that have a limit: each agent has its own, also where one pattern names many. */
export class AgentSlots {
  #limits: readonly Limit[];
  readonly #slots = new Map<string, { agent: Agent; slots: Slots }>();

  /** Throws a UserError for a limit that is none. */
  constructor(limits: AgentLimits) {
    this.#limits = read(limits);
  }

  /** What holds from now on. A run that waits already where its agent had no limit is not held up by a new one. */
  set(limits: AgentLimits): void {
    this.#limits = read(limits);
    for (const { agent, slots } of this.#slots.values()) {
      const most = this.#most(agent) ?? Infinity;
      if (slots.concurrency !== most) slots.concurrency = most;
    }
  }

  /** Undefined where an agent has no limit. */
  of({ root, file, name }: Agent): Slots | undefined {
    const most = this.#most({ root, file, name });
    if (most === undefined) return undefined;
    const key = formatAgentRef({ file, name });
    const known = this.#slots.get(key) ?? { agent: { root, file, name }, slots: new Slots(most) };
    this.#slots.set(key, known);
    return known.slots;
  }

  #most({ root, file, name }: Agent): number | undefined {
    const names = [formatAgentRef({ file: folderPath(root, file), name }), name];
    return this.#limits.find(({ matches }) => names.some((each) => matches.test(each)))?.most;
  }
}

function read(limits: AgentLimits): Limit[] {
  const list = Object.entries(limits).map(([agent, most]) => {
    const problem = agentLimitProblem(agent, most);
    if (problem !== null) throw new UserError(problem);
    const exactness = (agent.includes("*") ? 0 : 2) + (agent.includes("#") ? 1 : 0);
    return { matches: wildcard(agent), exactness, most };
  });
  return list.sort((a, b) => b.exactness - a.exactness || a.most - b.most);
}
