import type {
  AgentPerformance,
  BatchPerformance,
  ParallelFigures,
  RunFigures,
  RunMeasure,
  Suggestion,
  ToolPerformance,
} from "../../model/performance.ts";
import { parseAgentRef } from "../../model/agentRef.ts";
import { displayName } from "../../model/displayName.ts";

/** What suggestions are drawn from. */
export interface Basis {
  runs: readonly RunMeasure[];
  total: RunFigures;
  parallel: ParallelFigures;
  agents: readonly AgentPerformance[];
  tools: readonly ToolPerformance[];
  batches: readonly BatchPerformance[];
  surroundings: { processors: number };
}

/** Answers with nothing where there is too little to go by. */
export type Suggest = (basis: Basis) => Suggestion[];

/** Of fewer runs nothing is concluded. */
export const ENOUGH_RUNS = 20;

export function nameOf(agent: string): string {
  try {
    return displayName(parseAgentRef(agent).name);
  } catch {
    return agent;
  }
}
