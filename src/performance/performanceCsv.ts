import { csvText, type CsvCell } from "../model/csv.ts";
import type {
  AgentPerformance,
  Bucket,
  Performance,
  RunFigures,
  ToolPerformance,
} from "../model/performance.ts";

interface Row {
  kind: "all" | "agent" | "tool" | "time";
  name: string;
  runs?: RunFigures;
  agent?: AgentPerformance;
  tool?: ToolPerformance;
  bucket?: Bucket;
}

const rounded = (value: number | null | undefined, digits = 4): CsvCell =>
  value === null || value === undefined ? "" : Number(value.toFixed(digits));

const columns: [title: string, of: (row: Row) => CsvCell][] = [
  ["kind", ({ kind }) => kind],
  ["name", ({ name }) => name],
  ["runs or calls", ({ runs, tool, bucket }) => runs?.runs ?? tool?.calls ?? endedIn(bucket)],
  ["succeeded", ({ runs, bucket }) => runs?.succeeded ?? bucket?.succeeded ?? ""],
  ["failed", ({ runs, tool, bucket }) => runs?.failed ?? tool?.failures ?? bucket?.failed ?? ""],
  ["interrupted", ({ runs }) => runs?.interrupted ?? ""],
  ["cancelled or refused", ({ runs, tool }) => runs?.cancelled ?? tool?.refusals ?? ""],
  [
    "error rate",
    ({ runs, tool, bucket }) => rounded(runs?.errorRate ?? tool?.errorRate ?? bucket?.errorRate),
  ],
  ["retries", ({ runs, bucket }) => runs?.retries ?? bucket?.retries ?? ""],
  ["timeouts", ({ runs }) => runs?.timeouts ?? ""],
  ["mean ms", ({ runs, tool }) => rounded(runs?.duration?.meanMs ?? tool?.meanMs, 1)],
  ["p50 ms", ({ runs, tool, bucket }) => rounded((runs ?? tool)?.duration?.p50Ms ?? bucket?.p50Ms, 1)],
  ["p95 ms", ({ runs, tool, bucket }) => rounded((runs ?? tool)?.duration?.p95Ms ?? bucket?.p95Ms, 1)],
  ["p99 ms", ({ runs, tool, bucket }) => rounded((runs ?? tool)?.duration?.p99Ms ?? bucket?.p99Ms, 1)],
  ["queue p50 ms", ({ runs, bucket }) => runs?.queue?.p50Ms ?? bucket?.queueP50Ms ?? ""],
  ["queue p95 ms", ({ runs, bucket }) => runs?.queue?.p95Ms ?? bucket?.queueP95Ms ?? ""],
  [
    "memory max bytes",
    ({ runs, tool, bucket }) => runs?.memory?.maxBytes ?? tool?.memoryBytes ?? bucket?.memoryBytes ?? "",
  ],
  ["thread busy", ({ runs }) => rounded(runs?.busy)],
  ["work ms", ({ runs, tool }) => rounded(runs?.workMs ?? tool?.totalMs, 1)],
  ["share of work", ({ agent, tool }) => rounded(agent?.share ?? tool?.heaviest?.share)],
  ["at work", ({ bucket }) => rounded(bucket?.atWork)],
  ["waiting", ({ bucket }) => rounded(bucket?.waiting)],
  ["efficiency", ({ bucket }) => rounded(bucket?.efficiency)],
];

const endedIn = (bucket: Bucket | undefined): CsvCell =>
  bucket === undefined ? "" : bucket.succeeded + bucket.failed;

/** All runs, then each agent, each tool and each slice of time, a line each. */
export function performanceCsv({ total, agents, tools, buckets }: Performance): string {
  const rows: Row[] = [
    { kind: "all", name: "", runs: total },
    ...agents.map((agent): Row => ({ kind: "agent", name: agent.agent, runs: agent, agent })),
    ...tools.map((tool): Row => ({ kind: "tool", name: tool.name, tool })),
    ...buckets.map((bucket): Row => ({ kind: "time", name: new Date(bucket.from).toISOString(), bucket })),
  ];
  return csvText([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, of]) => of(row)))]);
}
