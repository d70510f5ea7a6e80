import type { ToolCall } from "../core/tools/types.ts";
import type { AgentObserver } from "../core/events.ts";

/** What a {@link PerformanceMonitor} can watch: an agent, a ToolRegistry, or whatever observes like one of them. */
export interface Watchable {
  /** Tells the observer what happens, until the returned function is called. */
  observe(observer: AgentObserver & ((call: ToolCall) => void)): () => void;
}

/** How long something took: the average and percentiles, in milliseconds; 0 where nothing was measured. */
export interface DurationFigures {
  /** The average. */
  meanMs: number;
  /** Half of them took no longer; within 1 %. */
  p50Ms: number;
  /** 95 % of them took no longer; within 1 %. */
  p95Ms: number;
  /** 99 % of them took no longer; within 1 %. */
  p99Ms: number;
  /** The longest. */
  maxMs: number;
}

/** How often something happened, and lately. */
export interface RateFigures {
  /** Failures among all, 0 to 1; 0 where there is none. */
  errorRate: number;
  /** How many ended per second within the window, or since the monitor was made where that is shorter. */
  perSecond: number;
  /** Failures among those that ended within the window, 0 to 1. */
  recentErrorRate: number;
}

/**
 * What executions did to the heap. A process has one heap: what an execution did to it is known only where no other
 * watched one was under way at the same time, and garbage collection in between hides growth.
 */
export interface HeapFigures {
  /** How many executions were measured: those that were alone. */
  samples: number;
  /** By how much the heap had grown at their end, in bytes, on average; negative where it shrank. */
  meanDeltaBytes: number;
  /** The most by which it had grown, in bytes; 0 where it never grew. */
  maxDeltaBytes: number;
}

/** What is known of executions. */
export interface ExecutionFigures extends DurationFigures, RateFigures {
  /** How many have ended. */
  executions: number;
  /** Those of them that failed, were aborted, or could not begin. */
  failures: number;
  /** Those of the failures that were ended by their signal. */
  aborted: number;
  /** Successes whose value looks like a failure; not among `failures`. */
  reportedFailures: number;
  /** How many are under way. */
  running: number;
  /** How often agents' code was called. */
  attempts: number;
  /** Attempts that followed a failed one. */
  retries: number;
  /** What agents reported, over all attempts. */
  tokens: number;
  /** What agents reported, over all attempts, in whatever currency they count. */
  cost: number;
  /** What they did to the heap; null where memory is not measured. */
  heap: HeapFigures | null;
}

/** What is known of one agent. Agents of one name count as one. */
export interface AgentFigures extends ExecutionFigures {
  /** The agent's name; "(other)" stands for agents that came when there were as many as are told apart. */
  agent: string;
  /** The agent's type, as last seen. */
  agentType: string;
  /** The tools it called, by name. */
  tools: AgentToolFigures[];
}

/** What is known of one agent's calls of a tool. */
export interface AgentToolFigures {
  /** The tool's name. */
  tool: string;
  /** Calls that were let through and have ended. */
  calls: number;
  /** Those of them that failed. */
  failures: number;
  /** Calls that were refused; not among `calls`. */
  refusals: number;
}

/** What is known of one tool, over all agents. */
export interface ToolFigures extends AgentToolFigures, DurationFigures, RateFigures {}

/** The process's memory, in bytes. */
export interface ProcessMemory {
  /** What the process holds in main memory. */
  rssBytes: number;
  /** What lives on the JavaScript heap. */
  heapUsedBytes: number;
  /** The most that `rssBytes` was seen to be: looked at when executions begin and end, ten times a second at most. */
  maxRssBytes: number;
}

/** All that a monitor knows, as plain data that JSON keeps. */
export interface PerformanceSnapshot {
  /** When it was taken, ISO 8601. */
  time: string;
  /** For how long the monitor has counted, in milliseconds. */
  elapsedMs: number;
  /** The length of the sliding window, in milliseconds. */
  windowMs: number;
  /** All agents together. */
  total: ExecutionFigures;
  /** Each agent, by name. */
  agents: AgentFigures[];
  /** Each tool, by name. */
  tools: ToolFigures[];
  /** Null where memory is not measured. */
  memory: ProcessMemory | null;
}

/** An execution that ended. */
export interface ExecutionRecord {
  /** The agent's name. */
  agent: string;
  /** The agent's type. */
  agentType: string;
  /** Which of the two results it has. */
  status: "success" | "failed";
  /** It was ended by its signal. */
  aborted: boolean;
  /** The returned value looks like a failure. */
  reportedFailure: boolean;
  /** In milliseconds. */
  durationMs: number;
  /** How often the agent's code was called. */
  attempts: number;
  /** What the agent reported. */
  tokens: number;
  /** What the agent reported. */
  cost: number;
  /** By how much the heap had grown, in bytes; null where that is not known (see {@link HeapFigures}). */
  heapDeltaBytes: number | null;
}

/** A call of a tool that ended or was refused. */
export interface ToolRecord {
  /** The tool's name. */
  tool: string;
  /** The agent's name. */
  agent: string;
  /** Whether it returned. */
  ok: boolean;
  /** Whether the agent was not allowed to call it. */
  refused: boolean;
  /** In milliseconds. */
  durationMs: number;
}

/** What a {@link Threshold} watches. */
export type ThresholdMetric =
  "recentErrorRate" | "p50Ms" | "p95Ms" | "p99Ms" | "perSecond" | "tokens" | "cost";

/** A limit that the figures of executions should not exceed; looked at whenever one ends. */
export interface Threshold {
  /** The figure. */
  metric: ThresholdMetric;
  /** Exceeded where the figure is greater. */
  above: number;
  /** The agent's name; all agents together where it is not given. */
  agent?: string | undefined;
  /** Not looked at before so many executions have ended; default 10. */
  minExecutions?: number | undefined;
}

/** A threshold was exceeded, or is kept again. */
export interface ThresholdRecord {
  /** The threshold, as it was given. */
  threshold: Threshold;
  /** The figure now. */
  value: number;
  /** True where it was exceeded, false where it is kept again. */
  exceeded: boolean;
}

/** The events of a {@link PerformanceMonitor}, and what listeners get. */
export interface PerformanceEvents {
  /** An execution ended. */
  execution: ExecutionRecord;
  /** A call of a tool ended or was refused. */
  tool: ToolRecord;
  /** A threshold was exceeded, or is kept again. */
  threshold: ThresholdRecord;
}

/** Settings of a {@link PerformanceMonitor}. */
export interface PerformanceMonitorOptions {
  /** The length of the sliding window for `perSecond` and `recentErrorRate`, in milliseconds; default 60,000. */
  windowMs?: number | undefined;
  /** Whether memory is measured, which takes some 10 microseconds for each execution; default true. */
  memory?: boolean | undefined;
  /** Limits to watch; see the event "threshold". */
  thresholds?: readonly Threshold[] | undefined;
  /** How many agents, and how many tools, are told apart; all that come later count as "(other)". Default 500. */
  maxNames?: number | undefined;
  /** Milliseconds since any fixed moment; by default the system's clock that is never set back. */
  now?: (() => number) | undefined;
}
