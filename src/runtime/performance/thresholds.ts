import { AgentUsageError } from "../core/errors.ts";
import type { ExecutionFigures, Threshold, ThresholdMetric, ThresholdRecord } from "./types.ts";

const metrics: readonly ThresholdMetric[] = [
  "recentErrorRate",
  "p50Ms",
  "p95Ms",
  "p99Ms",
  "perSecond",
  "tokens",
  "cost",
];
const fewest = 10;

/** Says when figures exceed their thresholds, and when they keep them again. */
export class Thresholds {
  readonly #all: { readonly threshold: Threshold; exceeded: boolean }[];

  constructor(thresholds: readonly Threshold[]) {
    const given: unknown = thresholds;
    if (!Array.isArray(given)) throw new AgentUsageError("The thresholds are an array.");
    this.#all = thresholds.map((threshold) => {
      check(threshold);
      return { threshold: Object.freeze({ ...threshold }), exceeded: false };
    });
  }

  /** What changed by an execution of an agent. Figures are asked for only where a threshold needs them. */
  changes(agent: string, figuresOf: (agent: string | undefined) => ExecutionFigures): ThresholdRecord[] {
    const changes: ThresholdRecord[] = [];
    for (const entry of this.#all) {
      const { threshold } = entry;
      if (threshold.agent !== undefined && threshold.agent !== agent) continue;
      const figures = figuresOf(threshold.agent);
      if (figures.executions < (threshold.minExecutions ?? fewest)) continue;
      const value = figures[threshold.metric];
      const exceeded = value > threshold.above;
      if (exceeded === entry.exceeded) continue;
      entry.exceeded = exceeded;
      changes.push({ threshold, value, exceeded });
    }
    return changes;
  }

  /** As if nothing had been exceeded. */
  reset(): void {
    for (const entry of this.#all) entry.exceeded = false;
  }
}

function check(threshold: Threshold | null): void {
  if (typeof threshold !== "object" || threshold === null) {
    throw new AgentUsageError(
      `A threshold is an object with "metric" and "above", and not ${String(threshold)}.`,
    );
  }
  const { metric, above, minExecutions = fewest } = threshold;
  if (!metrics.includes(metric)) {
    throw new AgentUsageError(`A threshold is for one of ${metrics.join(", ")}, and not ${metric}.`);
  }
  if (typeof above !== "number" || Number.isNaN(above)) {
    throw new AgentUsageError(
      `The threshold for ${metric} needs a number "above", and not ${String(above)}.`,
    );
  }
  if (!(minExecutions >= 0)) {
    throw new AgentUsageError(`minExecutions is a number of at least 0, and not ${String(minExecutions)}.`);
  }
}
