import { percentileOf } from "../model/durationCounts.ts";
import type { RunMeasure, ToolPerformance } from "../model/performance.ts";
import { durationsOf, mostHeld, type ToolCalls } from "../model/toolCalls.ts";
import { grouped } from "./grouped.ts";
import { workOf } from "./runFigures.ts";

interface Calls extends ToolCalls {
  agent: string;
  alone: boolean;
}

/** By name; what takes the most time comes first. */
export function toolFigures(runs: readonly RunMeasure[]): ToolPerformance[] {
  const calls = runs.flatMap(({ agent, alone, tools }) =>
    tools.map((tool): Calls => ({ agent, alone, ...tool })),
  );
  const work = workByAgent(runs);
  return [...grouped(calls, ({ name }) => name)]
    .map(([name, theirs]) => {
      const sum = (key: "calls" | "failures" | "refusals" | "durationMs") =>
        theirs.reduce((total, each) => total + each[key], 0);
      const [count, failures, totalMs] = [sum("calls"), sum("failures"), sum("durationMs")];
      return {
        ...{ name, agents: [...new Set(theirs.map(({ agent }) => agent))].sort() },
        ...{ calls: count, failures, refusals: sum("refusals"), totalMs },
        errorRate: count === 0 ? 0 : failures / count,
        meanMs: count === 0 ? 0 : totalMs / count,
        duration: percentilesOf(theirs),
        memoryBytes: mostHeld(theirs).memoryBytes ?? null,
        heaviest: heaviestOf(theirs, work),
      };
    })
    .sort((a, b) => b.totalMs - a.totalMs || b.calls - a.calls);
}

function percentilesOf(calls: readonly Calls[]): ToolPerformance["duration"] {
  const durations = durationsOf(calls) ?? [];
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => percentileOf(durations, share));
  return p50Ms == null || p95Ms == null || p99Ms == null ? null : { p50Ms, p95Ms, p99Ms };
}

/** How long agents were at work that were given tasks. */
export function workByAgent(runs: readonly RunMeasure[]): Map<string, number> {
  const work = new Map<string, number>();
  for (const run of runs) if (!run.alone) work.set(run.agent, (work.get(run.agent) ?? 0) + workOf(run));
  return work;
}

function heaviestOf(calls: readonly Calls[], work: ReadonlyMap<string, number>): ToolPerformance["heaviest"] {
  const byAgent = grouped(
    calls.filter(({ alone }) => !alone),
    ({ agent }) => agent,
  );
  const shares = [...byAgent].map(([agent, theirs]) => {
    const ms = theirs.reduce((total, { durationMs }) => total + durationMs, 0);
    return { agent, share: shareOf(ms, work.get(agent) ?? 0) };
  });
  return shares.reduce<ToolPerformance["heaviest"]>(
    (most, each) => (most === null || each.share > most.share ? each : most),
    null,
  );
}

/** Tools that are called at the same time can take longer together than the agent did. */
export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole));
