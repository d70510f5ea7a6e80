import type { Suggestion } from "../../model/performance.ts";
import { limits, retries, slowAgent, splitAgent } from "./agentSuggestions.ts";
import type { Basis, Suggest } from "./basis.ts";
import { concurrency, unevenBatch } from "./parallelSuggestions.ts";
import { toolDominates, toolFails } from "./toolSuggestions.ts";

const all: readonly Suggest[] = [
  ...[concurrency, unevenBatch, limits, retries],
  ...[toolDominates, toolFails, splitAgent, slowAgent],
];

/** What the figures suggest; what touches most comes first. */
export const suggestionsOf = (basis: Basis): Suggestion[] => all.flatMap((suggest) => suggest(basis));
