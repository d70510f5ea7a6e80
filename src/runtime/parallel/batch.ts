import { type AbortSignalLike, checkSignal, neverAborted, onAbort } from "../core/abort.ts";
import { longestTimer } from "../core/clock.ts";
import { AgentUsageError, describeError } from "../core/errors.ts";
import type { FailedResult, Result } from "../core/types.ts";
import { failure, named } from "./failure.ts";
import { LaneQueues } from "./laneQueues.ts";
import type { Metrics } from "./metrics.ts";
import type { PairSource } from "./pairSource.ts";
import type { Outcome, Run } from "./run.ts";
import type { Job, JobSource, Scheduler } from "./scheduler.ts";
import { describePair, type Places, type Task, toTask } from "./task.ts";
import { now } from "./threadProtocol.ts";
import type { BatchOptions, BatchResult } from "./types.ts";

/** What a batch works with. */
export interface BatchHost {
  readonly scheduler: Scheduler;
  readonly metrics: Metrics;
  readonly places: Places;
  /** How many pairs of a lazy source are read that cannot start yet, and how many results wait to be taken. */
  readonly ahead: number;
}

/** Who takes a batch's results. */
export interface BatchListener {
  onResult(result: BatchResult): void;
  /** Called once: there are no more results, and nothing of this batch runs; `failed` where its source threw. */
  onEnd(failed: { error: unknown } | null): void;
}

interface Under extends Job {
  readonly index: number;
  readonly task: Task;
  readonly readAt: number;
  run: Run | null;
  reason: Error | null;
  timer: NodeJS.Timeout | undefined;
}

/** The tasks of one call: read as there are slots for them, executed, told. */
export class Batch implements JobSource {
  readonly #source: PairSource;
  readonly #options: BatchOptions;
  readonly #host: BatchHost;
  readonly #listener: BatchListener;
  readonly #signal: AbortSignalLike;
  /** Read, but their agent or a thread is not free. */
  readonly #parked = new LaneQueues<Under>();
  readonly #running = new Set<Under>();
  #index = 0;
  #startedAt = 0;
  /** Results that nobody took yet; see {@link hold}. */
  #held = 0;
  #reading = false;
  #exhausted = false;
  #stopped: Error | null = null;
  #sourceError: { error: unknown } | null = null;
  #ended = false;
  #forgetSignal = (): void => undefined;

  constructor(source: PairSource, options: BatchOptions, host: BatchHost, listener: BatchListener) {
    this.#source = source;
    this.#options = options;
    this.#host = host;
    this.#listener = listener;
    this.#signal = options.signal ?? neverAborted;
  }

  /** Begins. */
  start(): void {
    this.#startedAt = now();
    this.#forgetSignal = onAbort(this.#signal, this.#aborted);
    if (this.#signal.aborted) this.#aborted();
    else this.#host.scheduler.add(this);
    this.#endIfDone();
  }

  /** A result waits to be taken (1), or was taken (-1): so much less is read, so that results do not pile up. */
  hold(change: 1 | -1): void {
    this.#held += change;
    if (change < 0) this.#host.scheduler.pump();
  }

  /** Aborts what runs and starts nothing more; what waits is told as not started. */
  stop(reason: Error): void {
    if (this.#stopped !== null || this.#ended) return;
    this.#stopped = reason;
    for (const { task } of this.#parked.takeAll()) this.#skip(task.index, task, notStarted(reason));
    if (!this.#exhausted) {
      if (this.#source.finite) this.#skipRest(reason);
      else this.#source.stop();
    }
    this.#exhausted = true;
    for (const under of [...this.#running]) this.#abort(under, reason);
    this.#endIfDone();
  }

  /** For the scheduler. */
  next(isFree: (lane: object) => boolean): Job | null {
    const parked = this.#held < this.#host.ahead ? this.#parked.take(isFree) : null;
    if (parked !== null) return parked;
    while (!this.#exhausted && !this.#reading && this.#hasRoom()) {
      const under = this.#read();
      if (under === null) continue;
      if (isFree(under.lane)) return under;
      this.#parked.add(under);
    }
    this.#endIfDone();
    return null;
  }

  /** Whether one more may be read. An array is in memory anyway: what follows many tasks of one agent need not wait. */
  #hasRoom(): boolean {
    const { ahead } = this.#host;
    return this.#held + (this.#source.finite ? 0 : this.#parked.size) < ahead;
  }

  readonly #aborted = (): void => {
    const { reason } = this.#signal as { reason?: unknown };
    const why = reason === undefined ? "" : `: ${describeError(reason).message}`;
    this.stop(new Error(`The batch was aborted${why}`, { cause: reason }));
  };

  /** Reads a pair; null where it comes later, is not valid, or where there is none. */
  #read(): Under | null {
    let pulled;
    try {
      pulled = this.#source.next();
      if ("then" in pulled) {
        this.#reading = true;
        pulled.then(
          (item) => this.#arrived(() => this.#take(item)),
          (error: unknown) => this.#arrived(() => this.#broken(error)),
        );
        return null;
      }
      return this.#take(pulled);
    } catch (error) {
      return this.#broken(error);
    }
  }

  /** What comes after the end is dropped: nobody waits for it. */
  #arrived(take: () => Under | null): void {
    this.#reading = false;
    if (this.#stopped !== null) return;
    const under = take();
    if (under !== null) this.#parked.add(under);
    this.#host.scheduler.pump();
  }

  #take(item: IteratorResult<unknown>): Under | null {
    if (item.done === true) {
      this.#exhausted = true;
      return null;
    }
    const index = this.#index++;
    try {
      return this.#under(toTask(item.value, index, this.#host.places));
    } catch (error) {
      this.#skip(index, describePair(item.value), failure(error));
      this.#failFast(index, describeError(error).message);
      return null;
    }
  }

  #broken(error: unknown): null {
    this.#exhausted = true;
    this.#sourceError = { error };
    return null;
  }

  #under(task: Task): Under {
    const under: Under = {
      index: task.index,
      task,
      lane: task.lane,
      // All pairs of an array have been there from the start.
      readAt: this.#source.finite ? this.#startedAt : now(),
      run: null,
      reason: null,
      timer: undefined,
      start: () => this.#start(under),
    };
    return under;
  }

  #start(under: Under): void {
    const { task } = under;
    const { timeoutMs, onEvent, answerer } = this.#options;
    const startedAt = now();
    this.#running.add(under);
    const source = { index: task.index, agent: task.agent, task: task.task };
    if (timeoutMs !== undefined && timeoutMs <= longestTimer) {
      under.timer = setTimeout(() => this.#abort(under, timeoutError(timeoutMs)), timeoutMs);
    }
    under.run = task.start({
      ...(onEvent === undefined ? {} : { onEvent: (event) => onEvent(event, source) }),
      answerer,
      onOutcome: (outcome) => this.#finish(under, outcome, startedAt),
      onFree: () => {
        this.#running.delete(under);
        this.#host.scheduler.release(under);
        this.#endIfDone();
      },
    });
    // The agent's own code may have stopped the batch before it returned.
    if (under.reason !== null) under.run.abort(under.reason);
  }

  #abort(under: Under, reason: Error): void {
    if (under.reason !== null) return;
    under.reason = reason;
    under.run?.abort(reason);
  }

  #finish(under: Under, outcome: Outcome, startedAt: number): void {
    clearTimeout(under.timer);
    const { index, task, agent } = under.task;
    const timedOut = isTimeout(outcome.result, under.reason);
    const result = timedOut ? withError(outcome.result, under.reason) : outcome.result;
    this.#host.metrics.executed(outcome, timedOut, under.readAt, startedAt);
    this.#listener.onResult({
      index,
      agent: outcome.agent ?? agent,
      task,
      started: true,
      timedOut,
      ...result,
    });
    if (result.status === "failed") this.#failFast(index, result.error.message);
  }

  #failFast(index: number, message: string): void {
    if (this.#options.failFast !== true) return;
    this.stop(new Error(`The batch was stopped because the task at index ${index} failed: ${message}`));
  }

  #skipRest(reason: Error): void {
    for (;;) {
      const item = this.#source.next() as IteratorResult<unknown>;
      if (item.done === true) return;
      const index = this.#index++;
      this.#skip(index, describePair(item.value), notStarted(reason));
    }
  }

  #skip(index: number, { agent, task }: { agent: string; task: unknown }, result: FailedResult): void {
    this.#host.metrics.skipped();
    this.#listener.onResult({ index, agent, task, started: false, timedOut: false, ...result });
  }

  #endIfDone(): void {
    const idle = this.#exhausted && this.#running.size === 0 && this.#parked.size === 0;
    if (this.#ended || !idle) return;
    this.#ended = true;
    this.#forgetSignal();
    this.#host.scheduler.remove(this);
    this.#listener.onEnd(this.#sourceError);
  }
}

const notStarted = (reason: Error): FailedResult =>
  failure(named("AbortError", `The task was not started. ${reason.message}`, reason), true);

const timeoutError = (ms: number): Error =>
  named("TimeoutError", `The task took longer than ${ms.toLocaleString("en")} ms and was stopped.`);

const isTimeout = (result: Result, reason: Error | null): boolean =>
  result.status === "failed" && result.aborted && reason?.name === "TimeoutError";

function withError(result: Result, reason: Error | null): Result {
  if (result.status === "success" || reason === null) return result;
  return { ...result, error: { name: reason.name, message: reason.message } };
}

/** Throws an {@link AgentUsageError} for options that make no sense. */
export function checkBatchOptions({ timeoutMs, failFast, onEvent, answerer, signal }: BatchOptions): void {
  const wrong = (message: string) => new AgentUsageError(message);
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw wrong(`timeoutMs is a number of milliseconds greater than 0, not ${String(timeoutMs)}.`);
  }
  if (failFast !== undefined && typeof failFast !== "boolean") throw wrong("failFast is true or false.");
  if (onEvent !== undefined && typeof onEvent !== "function") throw wrong("onEvent is a function.");
  if (answerer !== undefined && typeof answerer !== "function") throw wrong("answerer is a function.");
  if (signal !== undefined) checkSignal(signal);
}
