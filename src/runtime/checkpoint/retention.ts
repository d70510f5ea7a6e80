import type { Warn } from "../storeError.ts";
import type { PruneOptions, PrunePolicy, PruneResult } from "./managedStore.ts";
import { checkPolicy } from "./policy.ts";

const fewest = 64;

/** Prunes now and then: listing all checkpoints at each save would cost more than the save. */
export class Retention {
  readonly #policy: PrunePolicy | undefined;
  /** How many saves of an agent are left until the next time. */
  readonly #left = new Map<string, number>();

  /** Throws an `AgentUsageError` for a policy that is none. */
  constructor(policy: PrunePolicy | undefined) {
    if (policy !== undefined) checkPolicy(policy);
    this.#policy = policy === undefined ? undefined : { ...policy };
  }

  /** To be called after each save. */
  saved(agent: string, prune: (policy: PrunePolicy, options: PruneOptions) => PruneResult, warn: Warn): void {
    if (this.#policy === undefined) return;
    const left = this.#left.get(agent) ?? 0;
    this.#left.set(agent, left - 1);
    if (left > 0) return;
    let kept = 0;
    try {
      ({ kept } = prune(this.#policy, { agent }));
    } catch (error) {
      // The checkpoint is saved all the same.
      const why = error instanceof Error ? error.message : String(error);
      warn(`Old checkpoints of agent "${agent}" were not removed: ${why}`);
    }
    // Whatever stays is looked at again the next time: no more often than it is worth.
    this.#left.set(agent, Math.max(fewest, kept) - 1);
  }
}
