import type { AbortSignalLike } from "../core/abort.ts";
import type { AdapterOptions } from "../core/adapter/adapter.ts";
import type { AgentLike } from "../core/agentLike.ts";
import type { AgentEvent } from "../core/events.ts";
import type { Answerer } from "../core/question.ts";
import type { RetryPolicy } from "../core/retry.ts";
import type { Result } from "../core/types.ts";

/** Where a store keeps its files. */
export interface StoreFolder {
  /** The path, from the working directory. */
  readonly folder: string;
}

/** How an agent executes in a thread: plain data, because functions and stores cannot be sent to one. */
export interface ModuleOptions {
  /** By default a failing attempt is not repeated. */
  retry?: Omit<RetryPolicy, "retryable"> | undefined;
  /** How a legacy agent is wrapped; by default what its methods' names tell. */
  adapter?:
    | Pick<
        AdapterOptions,
        "mapping" | "method" | "parameters" | "arguments" | "init" | "close" | "snapshot" | "capabilities"
      >
    | undefined;
  /** The folder of a FileCheckpointStore; without it no checkpoints are made. */
  checkpoints?: StoreFolder | undefined;
  /** The folder of an ErrorPatternLearner; without it errors are not recorded. */
  errors?: StoreFolder | undefined;
}

/**
 * An agent that is made in a worker thread: a class or a function that makes agents, and the module that exports it.
 * Read when it is first used: what is changed in the object later is not seen.
 */
export interface ModuleReference {
  /**
   * An absolute path, the text of a `file:` URL (`new URL("./agent.mjs", import.meta.url).href`) or the name of a
   * package, which is looked for from the working directory and then from this library.
   */
  readonly module: string;
  /** The name of the export; by default "default", or else the only class that is exported. */
  readonly export?: string | undefined;
  /** What the class or function is called with; data that can be cloned. By default nothing. */
  readonly args?: readonly unknown[] | undefined;
  /** Of a legacy agent; by default "agent". */
  readonly agentType?: string | undefined;
  /** Of a legacy agent; by default the name of its class. Also names the agent in results before it was made. */
  readonly name?: string | undefined;
  /**
   * By default each task gets an agent of its own, which is shut down afterwards. With true each thread makes one for
   * this object, the reference, and keeps it, with its state, until the thread ends, without shutting it down; one
   * whose execution was aborted is not used again.
   */
  readonly reuse?: boolean | undefined;
  /** How it executes. */
  readonly options?: ModuleOptions | undefined;
}

/** What is executed: an agent, which works on the event loop, or one by reference, which works in a thread; and its task. */
export type AgentTask = readonly [agent: AgentLike | ModuleReference, task: unknown];

/** Pairs of agent and task; a lazy source is read only as they can be executed. */
export type AgentTasks = readonly AgentTask[] | Iterable<AgentTask> | AsyncIterable<AgentTask>;

/** Which task an event belongs to. */
export interface BatchSource {
  /** The place of the pair in the batch, from 0. */
  readonly index: number;
  /** The agent's name. */
  readonly agent: string;
  /** The task as it was given. */
  readonly task: unknown;
}

/** How one batch is executed. */
export interface BatchOptions {
  /**
   * A task that takes longer, in milliseconds from when it has a slot, is aborted and fails. By default, and with
   * Infinity, there is no limit.
   */
  timeoutMs?: number | undefined;
  /**
   * Whether the first failure aborts what runs and starts nothing more. By default every task is executed, whatever
   * becomes of the others.
   */
  failFast?: boolean | undefined;
  /** Told what happens in the agents, also in threads; what it throws is a warning of the result. */
  onEvent?: ((event: AgentEvent, source: BatchSource) => void) | undefined;
  /**
   * Answers what agents ask that have no answerer of their own. Also called for agents in threads, which need
   * `ctx.ask`: `ctx.askSync` cannot wait for this thread.
   */
  answerer?: Answerer | undefined;
  /** Aborts what runs and starts nothing more. */
  signal?: AbortSignalLike | undefined;
}

/** Limits of a thread, in MiB; one that needs more ends, and its task fails. By default those of Node. */
export interface ThreadLimits {
  /** Of the main heap. */
  maxOldGenerationSizeMb?: number | undefined;
  /** Of the heap for recent objects. */
  maxYoungGenerationSizeMb?: number | undefined;
  /** Of generated code. */
  codeRangeSizeMb?: number | undefined;
  /** Of the stack; Node's default is 4. */
  stackSizeMb?: number | undefined;
}

/** Settings of a {@link ParallelAgentExecutor}; those of {@link BatchOptions} are for batches that do not say otherwise. */
export interface ExecutorOptions extends Omit<BatchOptions, "signal"> {
  /** How many tasks are executed at a time, of all batches together. Default 10. */
  concurrency?: number | undefined;
  /** How many of them in threads; by default the number of processors, at most `concurrency`. */
  threads?: number | undefined;
  /** How long, in milliseconds, an aborted agent in a thread may take to end before its thread is ended. Default 1000. */
  graceMs?: number | undefined;
  /** A thread without a task ends after this time, in milliseconds. Default 10000. */
  idleTimeoutMs?: number | undefined;
  /** Limits of each thread. */
  resourceLimits?: ThreadLimits | undefined;
  /** Node's options for the threads, such as `["--import", "tsx"]` for a loader; by default those of this process. */
  execArgv?: readonly string[] | undefined;
  /** The environment variables of the threads; by default a copy of this process's. */
  env?: Readonly<Record<string, string>> | undefined;
  /**
   * The absolute path of the file that threads run. Only for programs that bundle this library, without piscina: a copy of its
   * `agentWorker.mjs` or `agentWorker.cjs`, with `index.mjs` or `index.cjs` beside it where module references name
   * stores. By default the one of this library.
   */
  threadFile?: string | undefined;
}

/** Which task of a batch a result belongs to. */
export interface BatchEntry {
  /** The place of the pair in the batch, from 0. */
  index: number;
  /** The agent's name. */
  agent: string;
  /** The task as it was given. */
  task: unknown;
  /** False where the batch was stopped before it was this task's turn, or where the pair was not valid. */
  started: boolean;
  /** The task was aborted because it took longer than `timeoutMs`. */
  timedOut: boolean;
}

/** The result of one task of a batch. In a result from a thread, `value` and `cause` are copies. */
export type BatchResult = BatchEntry & Result;

/** Two percentiles, in milliseconds; within 1 %. */
export interface Percentiles {
  /** Half of all values are no greater. */
  p50: number;
  /** 99 % of all values are no greater. */
  p99: number;
}

/** What an executor did since it was made or its metrics were reset. */
export interface ExecutorMetrics {
  /** Tasks that were started and have their result. */
  totalTasksExecuted: number;
  /** How many of them failed, those that were aborted included. */
  failures: number;
  /** How many were aborted by `timeoutMs`; part of `failures`. */
  timeouts: number;
  /** Tasks that were not started: because their batch was stopped, or because their pair was not valid. */
  notStarted: number;
  /** The time agents worked, in milliseconds: the sum over all tasks, so more than passed where they worked in parallel. */
  totalExecutionTimeMs: number;
  /** `totalExecutionTimeMs` for each task; 0 where there is none. */
  averageTimePerTaskMs: number;
  /** The time during which at least one task was under way, in milliseconds. */
  wallTimeMs: number;
  /** The most tasks that were under way at the same time. */
  workersUsed: number;
  /**
   * `totalExecutionTimeMs / (wallTimeMs * workersUsed)`: 1 where all workers worked all the time, 0 where nothing was
   * executed. Waiting, as for a reply, counts as work.
   */
  parallelEfficiency: number;
  /** From when a pair was read, or the call with an array of pairs, to when its task got a slot. */
  queueWaitMs: Percentiles;
  /** From the slot to the call of the agent; in threads with starting one, loading the module and making the agent. */
  dispatchMs: Percentiles;
}
