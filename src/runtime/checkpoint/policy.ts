import { AgentUsageError } from "../core/errors.ts";
import type { PruneOptions, PrunePolicy } from "./managedStore.ts";

const limits: readonly string[] = ["maxCount", "maxAgeMs", "maxBytes", "maxAncestors"];

/** Throws an {@link AgentUsageError} for a limit that is none. */
export function checkPolicy(policy: PrunePolicy): void {
  checkFields("A policy", policy, limits);
  for (const [name, limit] of Object.entries(policy) as [string, number | undefined][]) {
    if (limit === undefined || limit === Infinity) continue;
    if (typeof limit !== "number" || !(limit >= 0) || (name !== "maxAgeMs" && !Number.isInteger(limit))) {
      const kind = name === "maxAgeMs" ? "a number" : "an integer";
      throw new AgentUsageError(`${name} must be ${kind} from 0, not ${String(limit)}.`);
    }
  }
}

/** Throws an {@link AgentUsageError} for what no store can be asked to do: nothing is removed by mistake. */
export function checkPruning(policy: PrunePolicy, options: PruneOptions): void {
  checkPolicy(policy);
  checkFields("What pruning is told", options, ["agent", "dryRun"]);
  const { agent = "", dryRun = false } = options;
  if (typeof agent !== "string") throw new AgentUsageError("The agent to prune is told by its name.");
  if (typeof dryRun !== "boolean") throw new AgentUsageError("dryRun is true or false.");
}

function checkFields(what: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new AgentUsageError(`${what} is an object with some of ${known.join(", ")}.`);
  }
  const unknown = Object.keys(given).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw new AgentUsageError(`${what} has no "${unknown}", but ${known.join(", ")}.`);
  }
}
