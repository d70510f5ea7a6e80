import type { Warn } from "../storeError.ts";
import type { PruneOptions, PrunePolicy } from "./managedStore.ts";
import { checkPolicy } from "./pruning.ts";

const every = 64;

/** Prunes now and then: listing all checkpoints at each save would cost more than the save. */
export class Retention {
  readonly #policy: PrunePolicy | undefined;
  readonly #saves = new Map<string, number>();

  /** Throws an `AgentUsageError` for a policy that is none. */
  constructor(policy: PrunePolicy | undefined) {
    if (policy !== undefined) checkPolicy(policy);
    this.#policy = policy === undefined ? undefined : { ...policy };
  }

  /** To be called after each save. */
  saved(agent: string, prune: (policy: PrunePolicy, options: PruneOptions) => unknown, warn: Warn): void {
    if (this.#policy === undefined) return;
    const saves = this.#saves.get(agent) ?? 0;
    this.#saves.set(agent, saves + 1);
    if (saves % every !== 0) return;
    try {
      prune(this.#policy, { agent });
    } catch (error) {
      // The checkpoint is saved all the same.
      const why = error instanceof Error ? error.message : String(error);
      warn(`Old checkpoints of agent "${agent}" were not removed: ${why}`);
    }
  }
}
