import * as z from "zod";
import type { PanelHost } from "./panelProtocol.ts";
import type { ToolCalls } from "./toolCalls.ts";

/** How far back figures go. */
export const Span = z.enum(["hour", "day", "week", "month", "all"]);
export type Span = z.infer<typeof Span>;

/** Which runs figures are made of. */
export interface PerformanceQuery {
  span: Span;
  /** "FILE#Class"; null for all. */
  agent: string | null;
}

/** What of one run the figures are made of; times in ms since 1970. */
export interface RunMeasure {
  runId: string;
  /** "FILE#Class" */
  agent: string;
  /** For one that was delayed: when it could begin. */
  queuedAt: number;
  /** Null where it did not begin. */
  startedAt: number | null;
  /** Null where it is at work. */
  endedAt: number | null;
  state: "atWork" | "success" | "failed" | "cancelled" | "interrupted";
  /** The agent's own, without the waiting for its turn; null where it did not end by itself. */
  durationMs: number | null;
  attempts: number;
  /** Of its last error. */
  error: string | null;
  timeoutMs: number | null;
  memoryLimitMb: number | null;
  memoryBytes: number | null;
  /** Which part of its time its thread was at work, 0 to 1. */
  busy: number | null;
  batch: string | null;
  /** A tool was called alone: counted with the tools, and not as a run of the agent. */
  alone: boolean;
  tools: ToolCalls[];
}

/** In milliseconds; each value is one of those that were measured. */
export interface Distribution {
  count: number;
  meanMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface RunFigures {
  /** Those that ended. */
  runs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  interrupted: number;
  atWork: number;
  /** Failed and interrupted ones among all that were not cancelled, 0 to 1. */
  errorRate: number;
  /** Attempts after the first. */
  retries: number;
  /** Runs that were tried again, and those of them that then succeeded. */
  retried: number;
  rescued: number;
  /** Runs that were stopped because they took too long. */
  timeouts: number;
  /** Of the runs that did not wait for their turn alone; null where there is none. */
  duration: Distribution | null;
  /** From queued to started. */
  queue: Distribution | null;
  /** Of the runs that tell; null where none does. */
  memory: { meanBytes: number; maxBytes: number } | null;
  /** How busy threads were on average, by their time; null where none tells. */
  busy: number | null;
  /** How long runs were at work, together. */
  workMs: number;
}

export interface AgentPerformance extends RunFigures {
  /** "FILE#Class" */
  agent: string;
  /** Its part of the time that all runs were at work, 0 to 1. */
  share: number;
  /** Of that, the part that its tools took; null where it called none. */
  toolShare: number | null;
}

export interface ToolPerformance {
  name: string;
  agents: string[];
  calls: number;
  failures: number;
  refusals: number;
  errorRate: number;
  meanMs: number;
  /** But for 5 %; null where a record does not tell how long each call took. */
  duration: Pick<Distribution, "p50Ms" | "p95Ms" | "p99Ms"> | null;
  totalMs: number;
  /** The most that a thread held when a call ended; null where no record tells. */
  memoryBytes: number | null;
  /** The agent that spends the greatest part of its time in it, and that part, 0 to 1; null where it was called alone. */
  heaviest: { agent: string; share: number } | null;
}

/** How well the places for runs were used while there was something to do. */
export interface ParallelFigures {
  /** When runs waited or were at work. */
  wallMs: number;
  /** Runs at work, added up. */
  workMs: number;
  /** The most at a time. */
  peak: number;
  /** Work / (wall time x places), where places are the most at a time of each stretch of work; 0 to 1. */
  efficiency: number;
}

export interface BatchPerformance extends ParallelFigures {
  batch: string;
  startedAt: number;
  runs: number;
  /** How long only one run was at work at its end. */
  tailMs: number;
}

/** A slice of time. */
export interface Bucket {
  from: number;
  succeeded: number;
  failed: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** 0 to 1; null where none ended. */
  errorRate: number | null;
  /** Runs at work, on average. */
  atWork: number;
  /** Runs that waited for their turn, on average. */
  waiting: number;
  /** How long those that ended had waited for their turn; null where none had begun. */
  queueP50Ms: number | null;
  queueP95Ms: number | null;
  /** Attempts after the first, of those that ended. */
  retries: number;
  /** The most that one of those that ended held; null where none tells. */
  memoryBytes: number | null;
  /** As `ParallelFigures` has it; null where nothing waited or was at work. */
  efficiency: number | null;
}

export const SUGGESTION_KINDS = [
  ...(["raiseConcurrency", "busyProcessors", "unevenBatch", "splitAgent", "slowAgent"] as const),
  ...(["toolDominates", "toolFails", "flaky", "uselessRetries", "nearTimeout", "nearMemory"] as const),
] as const;
export type SuggestionKind = (typeof SUGGESTION_KINDS)[number];

export interface Suggestion {
  kind: SuggestionKind;
  /** What to do. */
  title: string;
  /** Why, with the figures. */
  text: string;
  /** The figures behind it, by name. */
  figures: Record<string, number>;
  agent: string | null;
}

export interface Performance {
  query: PerformanceQuery;
  /** ISO; what it covers, from the first run on. */
  from: string;
  to: string;
  bucketMs: number;
  total: RunFigures;
  /** Ended runs per minute, over the time that runs waited or were at work. */
  perMinute: number;
  parallel: ParallelFigures;
  agents: AgentPerformance[];
  tools: ToolPerformance[];
  /** The newest first. */
  batches: BatchPerformance[];
  buckets: Bucket[];
  suggestions: Suggestion[];
  /** Agents by their p95, and by their error rate, the worst first. */
  slowest: string[];
  mostFailing: string[];
}

/** What a panel shows of it. */
export interface PerformanceView extends Performance {
  /** URI of the folder; null for all. */
  folder: string | null;
  folders: { uri: string; name: string }[];
  /** All that have runs in the span, whatever agent is chosen. */
  agentsWithRuns: string[];
  /** Records that are still to be read. */
  unread: number;
  /** Whether there are records at all. */
  recorded: boolean;
}

export const PerformanceChoice = z.object({
  folder: z.string().nullable(),
  span: Span,
  agent: z.string().nullable(),
});
export type PerformanceChoice = z.infer<typeof PerformanceChoice>;

export const PerformanceExport = z.enum(["csv", "json"]);
export type PerformanceExport = z.infer<typeof PerformanceExport>;

export interface PerformanceHost extends PanelHost<PerformanceView> {
  choose(changed: Partial<PerformanceChoice>): Promise<void>;
  /** Asks the user where to. */
  export(format: PerformanceExport): Promise<void>;
  /** Opens the class. */
  open(agent: string): Promise<void>;
  /** Asks the user for an agent and a task. */
  runTask(): Promise<void>;
}

/** Called in the thread that reads records. */
export interface PerformanceFunctions {
  /** Reads for so long at most what is new, and answers with the figures of what has been read. */
  figures(roots: PerformanceRoot[], query: PerformanceQuery): Promise<PerformanceAnswer>;
}

export interface PerformanceRoot {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Stands before the files of its agents where there are several folders. */
  prefix: string;
}

export interface PerformanceAnswer {
  performance: Performance;
  agentsWithRuns: string[];
  unread: number;
  recorded: boolean;
}
