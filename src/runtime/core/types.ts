import type { AbortSignalLike, NativeAbortSignal } from "./abort.ts";
import type { CheckpointStore } from "./checkpointStore.ts";
import type { Clock } from "./clock.ts";
import type { ErrorInfo } from "./errors.ts";
import type { AgentEvent, AgentObserver } from "./events.ts";
import type { Answerer, AnswerTo, Question } from "./question.ts";
import type { RetryPolicy } from "./retry.ts";
import type { SharedValues } from "./sharedValues.ts";
import type { StandardSchema } from "./standardSchema.ts";
import type { SharedTools } from "./tools/types.ts";

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
  /**
   * Says whether a returned value means failure: what is true or not empty does, and a text is the message; false, 0, ""
   * and null do not. By default nothing returned means failure.
   */
  failedWhen?: ((value: unknown) => boolean | string | number | null | undefined) | undefined;
  /**
   * Whether `initialize` restores the newest completed checkpoint of the store given to the constructor.
   * Default true.
   */
  restore?: boolean | undefined;
  /** The tools it shares with other agents; it calls its own first. */
  tools?: SharedTools | undefined;
  /** What it can read as `context.shared`, such as an agent's view of a SharedContext. */
  shared?: SharedValues | undefined;
  /** Answers what the agent asks; without it, asking fails. */
  answerer?: Answerer | undefined;
  /** Told what the agent does; those of an execution are told in addition to the agent's own. */
  observers?: readonly AgentObserver[] | undefined;
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
  /**
   * The id of a checkpoint in `checkpoints`: its state is restored, its lineage continued and its answers are given
   * again. An id that is not there fails the execution before the agent's code runs.
   */
  resume?: string | undefined;
  /** Tools that are called in place of others, by the names of those that the agent calls. */
  switchedTools?: Readonly<Record<string, string>> | undefined;
}

/** What an execution consumed. */
export interface Usage {
  /** For example of a language model; at least 0. */
  tokens: number;
  /** In the currency of the program's choice; at least 0. */
  cost: number;
}

/** What the agent's code can use while it executes. */
export interface ExecutionContext {
  /** Aborts when the caller wants the execution to end; can be handed on, for example to `fetch`. */
  readonly signal: NativeAbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** The run this execution belongs to, or null. */
  readonly runId: string | null;
  /** What others made available, such as the results of the steps before in a pipeline; empty where nobody shares. */
  readonly shared: SharedValues;
  /** Saves the agent's state now; the id of the checkpoint, or null where no store is configured. */
  checkpoint(label?: string): string | null;
  /** Reports how far the execution is; `fraction` is 0 to 1. */
  progress(message?: string, fraction?: number): void;
  /**
   * Asks a person, through the answerer of the options. Asked again where the execution is retried or resumed, the same
   * question gets the same answer without a person. Rejects with an {@link AgentUsageError} where there is no answerer
   * or where question or answer are not valid. Questions wait for each other.
   */
  ask<Q extends Question>(question: Q): Promise<AnswerTo<Q>>;
  /** {@link ask} for an answerer that answers at once; throws where it returns a promise. */
  askSync<Q extends Question>(question: Q): AnswerTo<Q>;
  /** Adds to what the execution consumed. Throws an {@link AgentUsageError} for what is not at least 0. */
  usage(consumed: Partial<Usage>): void;
  /**
   * Calls a tool that the agent registered or shares, and answers with what it returned, untouched. Throws a
   * {@link ToolRefusedError} where the agent may not call it, and what the tool throws.
   */
  tool(name: string, params?: unknown): unknown;
  /** Calls a tool and awaits it; the execution's abort and the tool's time limit end the waiting. */
  toolAsync(name: string, params?: unknown): Promise<unknown>;
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
  /** The totals over all attempts of what the agent reported. */
  usage: Usage;
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
