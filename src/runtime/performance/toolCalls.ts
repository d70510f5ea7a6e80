import { Names } from "./names.ts";
import { type Moment, Rates } from "./rates.ts";
import type { AgentToolFigures, ToolFigures, ToolRecord } from "./types.ts";

/** Counts the calls of one tool. */
export class ToolCalls {
  readonly #rates: Rates;
  #refusals = 0;

  constructor(windowMs: number) {
    this.#rates = new Rates(windowMs);
  }

  add(now: number, { ok, refused, durationMs }: ToolRecord): void {
    if (refused) this.#refusals += 1;
    else this.#rates.add(now, durationMs, !ok);
  }

  figures(tool: string, moment: Moment): ToolFigures {
    const { count: calls, failures } = this.#rates;
    return { tool, calls, failures, refusals: this.#refusals, ...this.#rates.figures(moment) };
  }
}

/** How many tools of one agent are told apart. */
const mostOfAgent = 100;

/** Counts the calls of one agent, by tool. */
export class CallsOfAgent {
  readonly #tools = new Names(mostOfAgent, () => ({ calls: 0, failures: 0, refusals: 0 }));

  add({ tool, ok, refused }: ToolRecord): void {
    const counts = this.#tools.get(tool);
    if (refused) counts.refusals += 1;
    else counts.calls += 1;
    if (!refused && !ok) counts.failures += 1;
  }

  figures(): AgentToolFigures[] {
    return this.#tools.sorted().map(([tool, counts]) => ({ tool, ...counts }));
  }
}

/**
 * A call of a shared tool may be told twice: by its registry, and then by the agent that is executing. This knows which
 * of the agent's reports were told of before.
 */
export class ToldBefore {
  readonly #byAgent = new Map<string, Map<string, number>>();

  /** A registry told of a call of an agent that is executing. */
  byRegistry({ agent, tool }: ToolRecord): void {
    const tools = this.#byAgent.get(agent) ?? new Map<string, number>();
    tools.set(tool, (tools.get(tool) ?? 0) + 1);
    this.#byAgent.set(agent, tools);
  }

  /** An agent tells of a call; whether a registry did before. */
  byAgent({ agent, tool }: ToolRecord): boolean {
    const tools = this.#byAgent.get(agent);
    const waiting = tools?.get(tool) ?? 0;
    if (waiting === 0) return false;
    tools?.set(tool, waiting - 1);
    return true;
  }

  /** An agent has ended its execution. */
  forget(agent: string): void {
    this.#byAgent.delete(agent);
  }
}
