import type { AgentLike } from "../core/agentLike.ts";
import type { ErrorInfo } from "../core/errors.ts";

/** Time limits that hold for each agent that has none of its own. */
export interface LifecycleOptions {
  /** How long an agent may take to initialise, in milliseconds. Default 30000. */
  startTimeoutMs?: number | undefined;
  /** How long an agent may take to shut down, in milliseconds. Default 10000. */
  stopTimeoutMs?: number | undefined;
}

/** How an agent is managed. */
export interface ManagedAgentOptions extends LifecycleOptions {
  /** Agents, or names of agents, that are started before this one and stopped after it. */
  dependsOn?: readonly (string | AgentLike)[] | undefined;
}

/** What became of one agent. */
export interface AgentReport<Status extends string = string> {
  /** The agent's name. */
  readonly name: string;
  /** What became of it. */
  readonly status: Status;
  /** Why, as a sentence; null where the agent was started or stopped. */
  readonly reason: string | null;
  /** What the agent threw, as plain data; null where it threw nothing. */
  readonly error: ErrorInfo | null;
  /** How long it took, in milliseconds; 0 where it was skipped. */
  readonly durationMs: number;
}

/** What became of all agents. */
export interface LifecycleReport<Status extends string = string> {
  /** Every agent was started, or stopped. */
  readonly ok: boolean;
  /** In the order in which they were due. */
  readonly agents: readonly AgentReport<Status>[];
}

/** What `start` answers. */
export type StartReport = LifecycleReport<"started" | "failed" | "skipped" | "timed out">;

/** What `stop` answers. */
export type StopReport = LifecycleReport<"stopped" | "failed" | "timed out">;

/** How signals are handled. */
export interface SignalOptions {
  /** Whether the process ends when all agents are stopped. Default true. */
  exit?: boolean | undefined;
  /** Told what became of the agents; the process ends when it has returned. What it throws is dropped. */
  onStopped?: ((report: StopReport, signal: "SIGINT" | "SIGTERM") => void | Promise<void>) | undefined;
}
