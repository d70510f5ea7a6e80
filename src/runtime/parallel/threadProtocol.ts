import type { MessagePort } from "node:worker_threads";
import type { AgentEvent } from "../core/events.ts";
import type { FailedResult, SuccessResult } from "../core/types.ts";
import type { PlainThrown } from "./plainThrown.ts";
import type { ModuleOptions } from "./types.ts";

/** A module reference that was checked, as plain data. */
export interface ThreadAgent {
  /** A URL, or the name of a package. */
  module: string;
  export?: string;
  args: readonly unknown[];
  agentType?: string;
  name?: string;
  /** Stands for the object of the caller where the agent is to be reused. */
  reuse?: number;
  options: ModuleOptions;
}

/** What a thread is asked to do. */
export interface ThreadRequest {
  run: number;
  agent: ThreadAgent;
  task: unknown;
  /** Whether somebody listens to events. */
  events: boolean;
}

/** Any result as plain data. */
export type ThreadResult =
  | (Omit<SuccessResult, "output"> & { output?: Record<string, unknown> })
  | (Omit<FailedResult, "cause"> & { cause: PlainThrown });

/** What a thread answers. */
export interface ThreadAnswer {
  /** The agent's name; absent where there was no agent. */
  agent?: string;
  result: ThreadResult;
  /** When the agent was called and when it was done, on the clock of {@link now}. */
  begun?: number;
  ended?: number;
}

/** Given to every thread at its start. */
export interface ThreadData {
  /** Counts messages to threads, so that code that blocks its thread learns of them. */
  mail: Int32Array;
  graceMs: number;
}

/** The first message of a thread, and the only one on Node's own channel. */
export interface ThreadHello {
  thread: number;
  port: MessagePort;
}

/** What a thread tells while it works. */
export type FromThread =
  | { type: "event"; run: number; event: AgentEvent }
  /** The result stands, though the thread is not free yet; `stuck`: it will not be. */
  | { type: "early"; run: number; answer: ThreadAnswer; stuck: boolean };

/** What a thread is told while it works. */
export interface ToThread {
  type: "abort";
  run: number;
  reason: PlainThrown;
}

/** Milliseconds on a clock that all threads of a process share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
