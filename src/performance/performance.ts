import type { AgentPerformance, Performance, PerformanceQuery, RunMeasure } from "../model/performance.ts";
import { bucketsOf, bucketWidth, spanMs } from "./buckets.ts";
import { grouped } from "./grouped.ts";
import { batchesOf, endOf, parallelOf } from "./parallel.ts";
import { figuresOf } from "./runFigures.ts";
import { suggestionsOf } from "./suggestions/suggestions.ts";
import { shareOf, toolFigures, workByAgent } from "./toolFigures.ts";

const MINUTE = 60_000;
/** Of batches, the newest so many. */
const MOST_BATCHES = 100;
const MOST_RANKED = 5;
/** Fewer runs say little of an agent. */
const FEWEST_RANKED = 3;

export interface Surroundings {
  /** In ms since 1970. */
  now: number;
  /** How many processors the machine has. */
  processors: number;
}

/** The earliest that a run of a span can have ended; -Infinity for all. */
export const beginOf = (span: PerformanceQuery["span"], now: number): number =>
  span === "all" ? -Infinity : now - spanMs[span];

/** The figures of the runs that ended in a span of time, or are at work. */
export function performanceOf(
  measured: readonly RunMeasure[],
  query: PerformanceQuery,
  surroundings: Surroundings,
): Performance {
  const { now } = surroundings;
  const begin = beginOf(query.span, now);
  const all = measured.filter((run) => run.state === "atWork" || endOf(run, now) >= begin);
  const chosen = query.agent === null ? all : all.filter(({ agent }) => agent === query.agent);
  const runs = chosen.filter(({ alone }) => !alone);
  // Before the first of them there is nothing to draw.
  const from = Math.max(begin, earliest(runs, now));
  const width = bucketWidth(now - from);
  const parallel = parallelOf(chosen, now);
  const total = figuresOf(runs);
  const agents = agentFigures(all).filter(({ agent }) => query.agent === null || agent === query.agent);
  const tools = toolFigures(chosen);
  const batches = batchesOf(runs, now);
  return {
    query,
    ...{ from: new Date(from).toISOString(), to: new Date(now).toISOString(), bucketMs: width },
    ...{ total, parallel, agents, tools, batches: batches.slice(0, MOST_BATCHES) },
    perMinute: total.runs === 0 ? 0 : total.runs / Math.max(1, parallel.wallMs / MINUTE),
    buckets: bucketsOf(runs, { from, to: now, now }, width),
    suggestions: suggestionsOf({ runs, total, parallel, agents, tools, batches, surroundings }),
    slowest: ranked(agents, ({ duration }) => duration?.p95Ms ?? 0),
    mostFailing: ranked(agents, ({ errorRate }) => errorRate),
  };
}

function earliest(runs: readonly RunMeasure[], now: number): number {
  return runs.reduce((first, { queuedAt }) => Math.min(first, queuedAt), now);
}

/** What takes the most time comes first. */
function agentFigures(all: readonly RunMeasure[]): AgentPerformance[] {
  const runs = all.filter(({ alone }) => !alone);
  const work = workByAgent(runs);
  const workMs = [...work.values()].reduce((sum, ms) => sum + ms, 0);
  return [...grouped(runs, ({ agent }) => agent)]
    .map(([agent, theirs]) => {
      const own = work.get(agent) ?? 0;
      const tools = theirs.flatMap((run) => run.tools);
      const toolMs = tools.reduce((sum, { durationMs }) => sum + durationMs, 0);
      const toolShare = tools.length === 0 ? null : shareOf(toolMs, own);
      return { agent, ...figuresOf(theirs), share: shareOf(own, workMs), toolShare };
    })
    .sort((a, b) => b.workMs - a.workMs || b.runs - a.runs);
}

function ranked(agents: readonly AgentPerformance[], by: (agent: AgentPerformance) => number): string[] {
  return agents
    .filter((agent) => agent.runs >= FEWEST_RANKED && by(agent) > 0)
    .sort((a, b) => by(b) - by(a))
    .slice(0, MOST_RANKED)
    .map(({ agent }) => agent);
}
