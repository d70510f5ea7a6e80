import { AgentUsageError } from "./errors.ts";
import type { Usage } from "./types.ts";

/** What one execution consumed so far. */
export class UsageTotals {
  readonly #totals: Usage = { tokens: 0, cost: 0 };

  /** Adds, and answers with what was added; throws an {@link AgentUsageError} for what is not a number of at least 0. */
  add({ tokens = 0, cost = 0 }: Partial<Usage>): Usage {
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
