import type { MessagePort } from "node:worker_threads";
import type { AgentEvent } from "../core/events.ts";
import type { PackedAgent } from "./packedAgent.ts";
import type { PlainThrown } from "./plainThrown.ts";
import type { SentResult } from "./sentResult.ts";
import type { ThreadQuestion } from "./threadQuestion.ts";
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

/** What a thread is asked to do; in an array, because names cost time on the way. */
export type ThreadRequest = readonly [
  run: number,
  agent: ThreadAgent | PackedAgent,
  task: unknown,
  /** Whether somebody listens to events. */
  events: boolean,
  /** Whether somebody answers questions. */
  answers: boolean,
];

/** What a thread answers; in an array for the same reason. What was not is undefined. */
export type ThreadAnswer = readonly [
  result: SentResult,
  /** The agent's name, where there was one. */
  agent: string | undefined,
  /** When it was called and when it was done, on the clock of {@link now}. */
  begun: number | undefined,
  ended: number | undefined,
];

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
  | ({ type: "question"; run: number } & ThreadQuestion)
  /** The result stands, though the thread is not free yet; `stuck`: it will not be. */
  | { type: "early"; run: number; answer: ThreadAnswer; stuck: boolean };

/** What a thread is told while it works. */
export interface ToThread {
  type: "abort";
  run: number;
  reason: PlainThrown;
}

/** Between the clock of this thread and that of the process, which costs more to read. */
let offset: number | undefined;

/** Milliseconds on a clock that all threads of a process share. */
export function now(): number {
  offset ??= Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return offset + performance.now();
}
