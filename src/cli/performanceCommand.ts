import { parseAgentRef } from "../model/agentRef.ts";
import { counted } from "../model/counted.ts";
import { countText, durationText, memoryText, percentText } from "../model/figureText.ts";
import type {
  AgentPerformance,
  Performance,
  RunFigures,
  Span,
  ToolPerformance,
} from "../model/performance.ts";
import { UserError } from "../model/userError.ts";
import { performanceCsv } from "../performance/performanceCsv.ts";
import { PerformanceReader } from "../performance/performanceReader.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import { workspaceFolder } from "./workspace.ts";

export interface PerformanceOptions {
  since: Span;
  agent?: string;
  json?: true;
  csv?: true;
}

const spanTexts: Record<Span, string> = {
  hour: "in the last hour",
  day: "in the last 24 hours",
  week: "in the last 7 days",
  month: "in the last 30 days",
  all: "ever",
};

/** Tells the figures of the recorded runs of a folder, and what they suggest. */
export async function performanceCommand(
  dir: string | undefined,
  options: PerformanceOptions,
  output: Output,
): Promise<number> {
  if (options.json && options.csv)
    throw new UserError("--json and --csv exclude each other: give one of them.");
  const root = workspaceFolder(dir);
  const found = await figures(root, options);
  if (options.json) output.json({ type: "performance", data: found });
  else if (options.csv) output.line(performanceCsv(found).trimEnd());
  else if (found.total.runs + found.total.atWork > 0 || found.tools.length > 0) print(found, output);
  if (found.total.runs + found.total.atWork === 0)
    output.note(`No run ${spanTexts[options.since]} is recorded in ${root}.`);
  return 0;
}

async function figures(root: string, { since, agent }: PerformanceOptions): Promise<Performance> {
  const reader = new PerformanceReader();
  const all = await reader.figures([{ root, prefix: "" }], { span: since, agent: null });
  if (agent === undefined) return all.performance;
  const named = all.agentsWithRuns.filter((each) => isNamed(each, agent.replaceAll("\\", "/")));
  const [only] = named;
  if (only === undefined)
    throw new UserError(`No run of ${agent} ${spanTexts[since]} is recorded in ${root}.`);
  if (named.length > 1) throw new UserError(`${agent} can be ${named.join(" or ")}: name one of them.`);
  return (await reader.figures([{ root, prefix: "" }], { span: since, agent: only })).performance;
}

function isNamed(agent: string, wanted: string): boolean {
  const { file, name } = parseAgentRef(agent);
  return [agent, file, name].includes(wanted);
}

function print(found: Performance, output: Output): void {
  const { total, agents, tools, batches, suggestions } = found;
  const blocks = [
    summary(found).map(([label, text]) => [label, text]),
    agents.length === 0 ? [] : [agentTitles, ...agents.map(agentCells)],
    tools.length === 0 ? [] : [toolTitles, ...tools.map(toolCells)],
    batches.length === 0 ? [] : batchRows(found),
  ].filter((rows) => rows.length > 0);
  for (const [index, rows] of blocks.entries()) {
    if (index > 0) output.line("");
    for (const line of table(rows)) output.line(line);
  }
  for (const { title, text } of suggestions) output.line(`\n${title}\n  ${text}`);
  output.note(`${counted(total.runs, "run")} since ${found.from.slice(0, 19).replace("T", " ")} UTC`);
}

function summary({ total, perMinute, parallel }: Performance): [string, string][] {
  const { succeeded, failed, cancelled, interrupted, atWork, duration, queue, memory } = total;
  const ends = [
    `${succeeded} succeeded`,
    `${failed} failed`,
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(atWork > 0 ? [`${atWork} at work`] : []),
  ];
  return [
    ["runs", `${total.runs}: ${ends.join(", ")}`],
    ["throughput", `${countText(perMinute)} a minute of work`],
    ["error rate", percentText(total.errorRate)],
    ["duration", percentiles(duration)],
    ["queue time", percentiles(queue)],
    ["retries", `${total.retries}, of ${counted(total.retried, "run")}; ${total.rescued} then succeeded`],
    [
      "memory",
      memory === null
        ? "not known"
        : `at most ${memoryText(memory.maxBytes)}, mean ${memoryText(memory.meanBytes)}`,
    ],
    ["threads busy", total.busy === null ? "not known" : percentText(total.busy)],
    ["parallel", `at most ${parallel.peak} at a time, places used to ${percentText(parallel.efficiency)}`],
  ];
}

function percentiles(figures: RunFigures["duration"]): string {
  if (figures === null) return "not known";
  const { p50Ms, p95Ms, p99Ms, maxMs } = figures;
  return `p50 ${durationText(p50Ms)}, p95 ${durationText(p95Ms)}, p99 ${durationText(p99Ms)}, at most ${durationText(maxMs)}`;
}

const known = (ms: number | undefined): string => (ms === undefined ? "" : durationText(ms));

const agentTitles = [
  "AGENT",
  "RUNS",
  "ERRORS",
  "P50",
  "P95",
  "P99",
  "QUEUE P95",
  "RETRIES",
  "MEMORY",
  "WORK",
];

function agentCells({
  agent,
  runs,
  errorRate,
  duration,
  queue,
  retries,
  memory,
  share,
}: AgentPerformance): string[] {
  return [
    ...[agent, String(runs), percentText(errorRate), known(duration?.p50Ms), known(duration?.p95Ms)],
    ...[known(duration?.p99Ms), known(queue?.p95Ms), String(retries)],
    ...[memory === null ? "" : memoryText(memory.maxBytes), percentText(share)],
  ];
}

const toolTitles = ["TOOL", "CALLS", "FAILED", "REFUSED", "MEAN", "P50", "P95", "P99", "TOTAL", "MOST OF"];

function toolCells({
  name,
  calls,
  failures,
  refusals,
  meanMs,
  duration,
  totalMs,
  heaviest,
}: ToolPerformance): string[] {
  return [
    ...[name, String(calls), String(failures), String(refusals), durationText(meanMs)],
    ...[known(duration?.p50Ms), known(duration?.p95Ms), known(duration?.p99Ms), durationText(totalMs)],
    heaviest === null ? "" : `${heaviest.agent} (${percentText(heaviest.share)})`,
  ];
}

const NEWEST_BATCHES = 5;

function batchRows({ batches }: Performance): string[][] {
  const titles = ["BATCH", "RUNS", "TIME", "AT A TIME", "EFFICIENCY"];
  const rows = batches
    .slice(0, NEWEST_BATCHES)
    .map(({ batch, runs, wallMs, peak, efficiency }) => [
      ...[batch, String(runs), durationText(wallMs), String(peak), percentText(efficiency)],
    ]);
  return [titles, ...rows];
}
