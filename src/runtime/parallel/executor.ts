import { availableParallelism } from "node:os";
import { isAbsolute } from "node:path";
import { longestTimer } from "../core/clock.ts";
import { AgentUsageError } from "../core/errors.ts";
import { Batch, type BatchHost, type BatchListener, checkBatchOptions } from "./batch.ts";
import { Metrics } from "./metrics.ts";
import { PairSource } from "./pairSource.ts";
import { ResultIterator } from "./results.ts";
import { Scheduler } from "./scheduler.ts";
import { threadFile } from "./threadFile.ts";
import { ThreadPool } from "./threadPool.ts";
import type { AgentTasks, BatchOptions, BatchResult, ExecutorMetrics, ExecutorOptions } from "./types.ts";

/**
 * Executes many tasks, several at a time. Agents that are given as instances work on the event loop: they overlap
 * while they wait, and one that computes blocks the others. Agents that are given by module reference work in worker
 * threads, so that they really compute in parallel; what goes there and back is cloned.
 *
 * A task has a slot, one of `concurrency`, from when it starts until its result is there or, in a thread, until the
 * thread is free again. Tasks of one agent instance wait for each other, in order, without taking a slot meanwhile. An
 * instance that ignores an abort gives up its slot at once, but stays busy until its code ends: what it is given before
 * then fails with an AgentUsageError.
 *
 * Threads are started by the first task that needs one, with the package piscina, and do not keep a program alive while
 * they are idle.
 */
export class ParallelAgentExecutor {
  readonly #options: ExecutorOptions;
  readonly #metrics = new Metrics();
  readonly #threads: ThreadPool;
  readonly #host: BatchHost;
  readonly #batches = new Map<Batch, Promise<void>>();
  #closing: Promise<void> | null = null;

  /** Starts nothing yet. Throws an {@link AgentUsageError} for options that make no sense. */
  constructor(options: ExecutorOptions = {}) {
    checkBatchOptions(options);
    this.#options = { ...options };
    const concurrency = wholeNumber("concurrency", options.concurrency ?? 10, 1);
    const threads = wholeNumber(
      "threads",
      options.threads ?? Math.min(concurrency, availableParallelism()),
      1,
    );
    const graceMs = milliseconds("graceMs", options.graceMs ?? 1000);
    if (options.threadFile !== undefined && !isAbsolute(options.threadFile)) {
      throw new AgentUsageError(`threadFile is an absolute path, not ${options.threadFile}.`);
    }
    const { resourceLimits, execArgv, env } = options;
    this.#threads = new ThreadPool({
      threads,
      graceMs,
      idleTimeoutMs: milliseconds("idleTimeoutMs", options.idleTimeoutMs ?? 10_000),
      file: options.threadFile ?? threadFile(),
      resourceLimits,
      execArgv,
      env,
    });
    const limits = new Map<object, number>([[this.#threads, threads]]);
    this.#host = {
      metrics: this.#metrics,
      scheduler: new Scheduler(concurrency, limits, (running) => this.#metrics.running(running)),
      places: { threads: this.#threads, graceMs },
      ahead: concurrency,
    };
    const dispose = (Symbol as { asyncDispose?: symbol }).asyncDispose;
    if (dispose !== undefined) Object.defineProperty(this, dispose, { value: () => this.close() });
  }

  /**
   * Executes all pairs of agent and task, and answers with a result for each, in the order of the pairs. An agent's
   * failure is a result, as is a pair that is not valid. Of a batch that was stopped, by its signal or the first
   * failure, every pair of an array has a result; those that a lazy source still held have none.
   *
   * Rejects with an {@link AgentUsageError} for options that make no sense and after {@link close}, and with what a
   * lazy source throws, after what was started has ended.
   */
  async executeBatch(pairs: AgentTasks, options: BatchOptions = {}): Promise<BatchResult[]> {
    const results: BatchResult[] = [];
    await new Promise<void>((resolve, reject) => {
      const { start } = this.#open(pairs, options, {
        onResult: (result) => void (results[result.index] = result),
        onEnd: (failed) => {
          if (failed === null) resolve();
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what was thrown stays as it is
          else reject(failed.error);
        },
      });
      start();
    });
    return results;
  }

  /**
   * {@link executeBatch} that gives each result as soon as it is there. Begins when the first is asked for. Leaving the
   * loop aborts what runs, starts nothing more, and waits until nothing of it runs. Results that are not taken slow down
   * reading: at most `concurrency` of them wait.
   *
   * Throws an {@link AgentUsageError} for options that make no sense and after {@link close}.
   */
  executeEach(pairs: AgentTasks, options: BatchOptions = {}): AsyncIterableIterator<BatchResult> {
    const ended = deferred();
    const { batch, start } = this.#open(pairs, options, {
      onResult: (result) => results.push(result),
      onEnd: (failed) => {
        results.end(failed);
        ended.resolve();
      },
    });
    const results = new ResultIterator({
      start,
      hold: (change) => batch.hold(change),
      stop: () => {
        batch.stop(new Error("The caller took no more results."));
        return ended.promise;
      },
    });
    return results;
  }

  /** What this executor did, as it is now. */
  getPerformanceMetrics(): ExecutorMetrics {
    return this.#metrics.snapshot();
  }

  /** Counts anew from now on. */
  resetPerformanceMetrics(): void {
    this.#metrics.reset();
  }

  /**
   * Aborts what runs, ends all threads, and resolves when nothing runs any more; called again it answers the same.
   * `await using` closes too, where there is `Symbol.asyncDispose`. Afterwards nothing can be executed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const running = [...this.#batches];
    for (const [batch] of running) batch.stop(new Error("The executor was closed."));
    await Promise.all(running.map(([, ended]) => ended));
    await this.#threads.close();
  }

  #open(
    pairs: AgentTasks,
    options: BatchOptions,
    listener: BatchListener,
  ): { batch: Batch; start: () => void } {
    if (this.#closing !== null) throw closedError();
    checkBatchOptions(options);
    const { timeoutMs, failFast, onEvent, answerer } = this.#options;
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const ended = deferred();
    const batch = new Batch(
      new PairSource(pairs),
      { timeoutMs, failFast, onEvent, answerer, ...given },
      this.#host,
      {
        onResult: (result) => listener.onResult(result),
        onEnd: (failed) => {
          this.#batches.delete(batch);
          listener.onEnd(failed);
          ended.resolve();
        },
      },
    );
    const start = () => {
      if (this.#closing !== null) throw closedError();
      this.#batches.set(batch, ended.promise);
      batch.start();
    };
    return { batch, start };
  }
}

const closedError = (): AgentUsageError =>
  new AgentUsageError("The executor was closed and executes nothing more: make a new one.");

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new AgentUsageError(`${name} is a whole number of at least ${least}, not ${String(value)}.`);
}

function milliseconds(name: string, value: number): number {
  if (value >= 0 && value <= longestTimer) return value;
  throw new AgentUsageError(`${name} is a number of milliseconds of at least 0, not ${String(value)}.`);
}
