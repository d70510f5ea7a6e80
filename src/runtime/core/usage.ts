import { AgentUsageError } from "./errors.ts";
import { shown } from "./options.ts";
import type { Usage } from "./types.ts";

/** An event of another agent is added as it is. */
const fields = ["tokens", "cost", "type"];

/** What one execution consumed so far. */
export class UsageTotals {
  readonly #totals: Usage = { tokens: 0, cost: 0 };

  /** Adds, and answers with what was added; throws an {@link AgentUsageError} for what is not a number of at least 0. */
  add(consumed: Partial<Usage>): Usage {
    checkFields(consumed);
    const { tokens = 0, cost = 0 } = consumed;
    for (const [name, value] of Object.entries({ tokens, cost })) {
      if (!Number.isFinite(value) || value < 0) {
        throw new AgentUsageError(`usage takes numbers of at least 0, and ${name} is ${String(value)}.`);
      }
    }
    this.#totals.tokens += tokens;
    this.#totals.cost += cost;
    return { tokens, cost };
  }

  /** A copy of the totals. */
  get totals(): Usage {
    return { ...this.#totals };
  }
}

/** What is spelled otherwise would be lost. */
function checkFields(consumed: unknown): void {
  const expected = "usage takes an object with tokens and cost, each a number or left out, and";
  if (typeof consumed !== "object" || consumed === null || Array.isArray(consumed)) {
    throw new AgentUsageError(`${expected} not ${shown(consumed)}.`);
  }
  const unknown = Object.keys(consumed).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw new AgentUsageError(`${expected} not "${unknown}".`);
}
