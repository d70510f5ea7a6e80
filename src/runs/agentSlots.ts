import type { AgentLimits } from "../model/agentLimits.ts";
import { formatAgentRef } from "../model/agentRef.ts";
import { folderPath } from "../model/folderPath.ts";
import { LimitedAgents } from "../model/limitedAgents.ts";
import { Slots, type StartRequest } from "./startRequest.ts";

type Agent = Pick<StartRequest, "root" | "file" | "name">;

/** The slots of agents that have a limit: each agent has its own, also where one pattern names many. */
export class AgentSlots {
  #limited: LimitedAgents;
  readonly #slots = new Map<string, { agent: Agent; slots: Slots }>();

  /** Throws a UserError for a limit that is none. */
  constructor(limits: AgentLimits) {
    this.#limited = new LimitedAgents(limits);
  }

  /** What holds from now on. A run that waits already where its agent had no limit is not held up by a new one. */
  set(limits: AgentLimits): void {
    this.#limited = new LimitedAgents(limits);
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
    return this.#limited.most({ file_path: folderPath(root, file), name });
  }
}
