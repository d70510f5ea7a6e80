import type { AbortSignalLike } from "./abort.ts";
import type { CheckpointStore } from "./checkpointStore.ts";
import type { Clock } from "./clock.ts";
import type { ErrorInfo } from "./errors.ts";
import type { RetryPolicy } from "./retry.ts";
import type { StandardSchema } from "./standardSchema.ts";

/** Where an error happened. */
export interface ErrorContext {
  /** The agent's name. */
  agent: string;
  /** The agent's type. */
  agentType: string;
  /** The run it belongs to, or null. */
  runId: string | null;
  /** From 1. */
  attempt: number;
}

/** Learns from errors; an ErrorPatternLearner is one. */
export interface ErrorRecorder {
  /** Counts the error and answers with the signature that groups it with its like. */
  recordError(error: unknown, context: ErrorContext): string;
  /** Called at the end of an execution that recorded errors. */
  flush?(): void;
}

/** What happens during an execution, as plain data. */
export type AgentEvent =
  | { type: "checkpoint"; id: string; label: string | null }
  | { type: "retry"; attempt: number; of: number; delayMs: number; error: ErrorInfo }
  | { type: "progress"; message?: string; fraction?: number }
  | { type: "tool"; name: string; ok: boolean; durationMs: number };

/** How an agent executes. */
export interface AgentOptions {
  /** By default a failing attempt is not repeated. */
  retry?: RetryPolicy | undefined;
  /** Where checkpoints go; none are made without it. */
  checkpoints?: CheckpointStore | undefined;
  /** Where errors are recorded. */
  errors?: ErrorRecorder | undefined;
  /** Tasks that do not fit it fail before the agent's code runs; the agent gets the parsed task. */
  taskSchema?: StandardSchema | undefined;
  /** Says whether a returned value means failure; a string is the message. By default nothing returned does. */
  failedWhen?: ((value: unknown) => boolean | string) | undefined;
  /**
   * Whether `initialize` restores the newest completed checkpoint of the store given to the constructor.
   * Default true.
   */
  restore?: boolean | undefined;
  /** By default the environment's own. */
  clock?: Clock | undefined;
}

/** Overrides the agent's own options for one execution. */
export interface ExecuteOptions extends AgentOptions {
  /** Ends the execution when it aborts. */
  signal?: AbortSignalLike | undefined;
  /** Told what happens; what it throws is a warning of the result. */
  onEvent?: ((event: AgentEvent) => void) | undefined;
  /** Written into the checkpoints of this execution. */
  runId?: string | undefined;
}

/** What the agent's code can use while it executes. */
export interface ExecutionContext {
  /** Aborts when the caller wants the execution to end. */
  readonly signal: AbortSignalLike;
  /** From 1. */
  readonly attempt: number;
  /** The run this execution belongs to, or null. */
  readonly runId: string | null;
  /** Saves the agent's state now; the id of the checkpoint, or null where no store is configured. */
  checkpoint(label?: string): string | null;
  /** Reports how far the execution is; `fraction` is 0 to 1. */
  progress(message?: string, fraction?: number): void;
}

interface ResultBase {
  /** One clear sentence each. */
  warnings: string[];
  /** The checkpoint made before the agent's code ran: what this execution can be rolled back to. */
  checkpointId: string | null;
  /** How often the agent's code was called. */
  attempts: number;
  /** From the call to the result, in milliseconds. */
  durationMs: number;
}

/** An execution that succeeded. */
export interface SuccessResult<Value = unknown> extends ResultBase {
  /** Tells the two results apart. */
  status: "success";
  /** What the agent returned, untouched; the chunks where it returned an iterator. */
  value: Value;
  /** The value as a JSON-safe record: records pass, all else stands under "output". */
  output: Record<string, unknown>;
  /** Why the returned value looks like a failure (`{success: false}`, `{error}`), or null. */
  reportedFailure: string | null;
}

/** An execution that failed. */
export interface FailedResult extends ResultBase {
  /** Tells the two results apart. */
  status: "failed";
  /** What was thrown, as plain data. */
  error: ErrorInfo;
  /** What was thrown, untouched. */
  cause: unknown;
  /** The execution was ended by its signal. */
  aborted: boolean;
}

/** What `execute` answers. */
export type Result<Value = unknown> = SuccessResult<Value> | FailedResult;
