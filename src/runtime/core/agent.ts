import { abortError, type AbortSignalLike, neverAborted } from "./abort.ts";
import type { CheckpointStore } from "./checkpointStore.ts";
import { copyData, isRecord } from "./clone.ts";
import { systemClock } from "./clock.ts";
import { AgentUsageError, describeError, type ErrorInfo, ExecutionAbortedError } from "./errors.ts";
import { Execution, type Moment } from "./execution.ts";
import { AgentMetadata, type AgentMetadataInit } from "./metadata.ts";
import { AgentState, checkTransition } from "./state.ts";
import type { AgentObserver } from "./events.ts";
import { Observers } from "./observers.ts";
import { runAsync, runSync, settle, type Steps } from "./steps.ts";
import type { AgentOptions, ExecuteOptions, ExecutionContext, FailedResult, Result } from "./types.ts";

/** Marks agents across two copies of this library. */
const brand = Symbol.for("opsvi-agents.agent");

const underWay = { initialize: "is initializing", execute: "is executing", shutdown: "is shutting down" };
type Activity = keyof typeof underWay;

/** Whether a value is an agent, also one of another copy of this library. */
export function isAgent(value: unknown): value is BaseAgent {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * An agent: initialised, executed with tasks, one at a time, and shut down. Subclasses override `executeImpl` and,
 * where they need to, `initializeImpl`, `shutdownImpl`, `snapshot` and `restore`.
 */
export class BaseAgent<Task = unknown, Value = unknown> {
  static {
    Object.defineProperty(this.prototype, brand, { value: 1 });
  }

  /** Who the agent is. */
  readonly metadata: AgentMetadata;
  /** The agent's own state: part of checkpoints, rolled back on failure. Holds plain data. */
  protected context: Record<string, unknown> = {};
  readonly #options: AgentOptions;
  readonly #observers: Observers;
  #state: AgentState = AgentState.CREATED;
  #initialized = false;
  #underWay: string | null = null;
  #lastError: ErrorInfo | null = null;
  #newest: { store: CheckpointStore; id: string } | null = null;
  #initializing: { value: unknown } | null = null;
  #initError: unknown = undefined;
  #undoAborted: (() => void) | null = null;

  /** Makes an agent in state "created". */
  constructor(metadata: AgentMetadata | AgentMetadataInit, options: AgentOptions = {}) {
    this.metadata = metadata instanceof AgentMetadata ? metadata : new AgentMetadata(metadata);
    this.#options = { ...options };
    this.#observers = new Observers(this.metadata, options.observers);
  }

  /** One of the values of {@link AgentState}. */
  get state(): AgentState {
    return this.#state;
  }

  /** Why the agent last entered state "error", or null. */
  get lastError(): ErrorInfo | null {
    return this.#lastError;
  }

  /**
   * Makes the agent ready: restores its newest completed checkpoint, then calls `initializeImpl`. Answers false where
   * that fails (see {@link lastError}). Throws an {@link AgentUsageError} while something is under way and after
   * shutdown.
   */
  initialize(): boolean {
    return this.#sync("initialize", this.#options, () => this.#initializeSteps(this.#options));
  }

  /** {@link initialize} for an `initializeImpl` that returns a promise. */
  initializeAsync(): Promise<boolean> {
    return this.#async("initialize", this.#options, () => this.#initializeSteps(this.#options));
  }

  /**
   * Executes a task and answers with a result; an agent's failure is a result too. Initialises first where needed.
   * `options` override the agent's own for this execution. Throws an {@link AgentUsageError} while something is under
   * way and after shutdown. An implementation that returns a promise needs {@link executeAsync}.
   */
  execute(task: Task, options: ExecuteOptions = {}): Result<Value> {
    const effective = this.#effective(options);
    return this.#sync("execute", effective, () => this.#executeSteps(task, effective));
  }

  /** {@link execute} for implementations that may return a promise; rejects only with an {@link AgentUsageError}. */
  executeAsync(task: Task, options: ExecuteOptions = {}): Promise<Result<Value>> {
    const effective = this.#effective(options);
    return this.#async("execute", effective, () => this.#executeSteps(task, effective));
  }

  /**
   * Ends the agent: calls `shutdownImpl`, then saves a checkpoint. Answers false where that fails (see
   * {@link lastError}) and true where the agent is stopped, also if it was before.
   */
  shutdown(): boolean {
    if (this.#state === AgentState.STOPPED) return true;
    return this.#sync("shutdown", this.#options, () => this.#shutdownSteps());
  }

  /** {@link shutdown} for a `shutdownImpl` that returns a promise. */
  async shutdownAsync(): Promise<boolean> {
    if (this.#state === AgentState.STOPPED) return true;
    return this.#async("shutdown", this.#options, () => this.#shutdownSteps());
  }

  /** Tells the observer what the agent does from now on, until the returned function is called. */
  observe(observer: AgentObserver): () => void {
    return this.#observers.add(observer);
  }

  /** Does the work. Override it; may return a promise or an async iterable where `executeAsync` is used. */
  protected executeImpl(
    task: Task,
    context: ExecutionContext,
  ): Value | PromiseLike<Value> | AsyncIterable<unknown>;
  protected executeImpl(): Value {
    throw new Error(`${this.constructor.name} does not override executeImpl.`);
  }

  /** Called once before the first execution; what it throws fails the initialisation. */
  protected initializeImpl(): unknown {
    return undefined;
  }

  /** Called once by shutdown where the agent was initialised. */
  protected shutdownImpl(): unknown {
    return undefined;
  }

  /** The agent's own state as plain data; by default `context`. Override together with {@link restore}. */
  protected snapshot(): unknown {
    return this.context;
  }

  /** Takes a state that {@link snapshot} gave, or one that a checkpoint kept. */
  protected restore(snapshot: unknown): void {
    if (isRecord(snapshot)) this.context = snapshot;
  }

  /** The agent's state now, and how to return to it. Override only where `snapshot` and `restore` do not do. */
  protected moment(): Moment {
    const { value, lost } = copyData(this.snapshot());
    return {
      context: value,
      undo: () => this.restore(copyData(value).value),
      warnings: lost.map((path) => `Rolling back leaves ${path} as it is.`),
    };
  }

  #effective(options: ExecuteOptions): ExecuteOptions {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return { ...this.#options, ...(Object.fromEntries(given) as ExecuteOptions) };
  }

  #sync<T>(activity: Activity, options: AgentOptions, steps: () => Steps<T>): T {
    this.#begin(activity);
    try {
      return runSync(steps(), options.clock ?? systemClock);
    } finally {
      this.#underWay = null;
    }
  }

  async #async<T>(activity: Activity, options: ExecuteOptions, steps: () => Steps<T>): Promise<T> {
    this.#begin(activity);
    let abandoned: Promise<unknown> | null = null;
    try {
      return await runAsync(steps(), {
        clock: options.clock ?? systemClock,
        signal: options.signal ?? neverAborted,
        onAbandoned: (running) => void (abandoned = running),
      });
    } finally {
      this.#end(abandoned);
    }
  }

  /** Code that goes on after an abort keeps the agent from executing again until it is done. */
  #end(abandoned: Promise<unknown> | null): void {
    const undo = this.#undoAborted;
    this.#undoAborted = null;
    if (abandoned === null) {
      this.#underWay = null;
      return;
    }
    this.#underWay = "has not ended the work that was aborted";
    const done = () => {
      this.#underWay = null;
      try {
        undo?.();
      } catch (error) {
        // The result is out: only the agent itself can still tell.
        this.#lastError = describeError(error);
      }
    };
    abandoned.then(done, done);
  }

  #begin(activity: Activity): void {
    const { name } = this.metadata;
    if (this.#underWay !== null) {
      throw new AgentUsageError(
        `Agent "${name}" cannot ${activity} now: it ${this.#underWay}. An agent does one thing at a time.`,
      );
    }
    if (this.#state === AgentState.STOPPED) {
      throw new AgentUsageError(`Agent "${name}" was shut down and cannot ${activity}: make a new one.`);
    }
    this.#underWay = underWay[activity];
  }

  *#initializeSteps(options: AgentOptions): Steps<boolean> {
    if (this.#initialized && this.#state !== AgentState.ERROR) return true;
    try {
      if (!this.#initialized) {
        if (options.restore !== false) this.#restoreNewest();
        this.#initializing ??= { value: this.initializeImpl() };
        yield* settle(this.#initializing.value, `initializing agent "${this.metadata.name}"`);
        this.#initializing = null;
        this.#initialized = true;
      }
      this.#enter(AgentState.READY);
      return true;
    } catch (error) {
      // What a caller could not wait for is waited for by the next one, not started again.
      const goesOn = error instanceof AgentUsageError || error instanceof ExecutionAbortedError;
      if (!goesOn) this.#initializing = null;
      this.#enterError(describeError(error));
      this.#initError = error;
      return false;
    }
  }

  #restoreNewest(): void {
    const store = this.#options.checkpoints;
    const checkpoint = store?.latest(this.metadata.name, { completed: true }) ?? null;
    if (store === undefined || checkpoint === null) return;
    this.restore(checkpoint.context);
    this.#newest = { store, id: checkpoint.id };
  }

  *#executeSteps(task: unknown, options: ExecuteOptions): Steps<Result<Value>> {
    const clock = options.clock ?? systemClock;
    const signal = options.signal ?? neverAborted;
    if (!this.#initialized) {
      if (signal.aborted) return neverStarted(abortError(signal), signal);
      if (!(yield* this.#initializeSteps(options))) return neverStarted(this.#initError, signal);
    }
    this.#enter(AgentState.BUSY);
    const warnings: string[] = [];
    const before = this.#momentOrNothing(warnings);
    const execution = new Execution(
      {
        name: this.metadata.name,
        agentType: this.metadata.agentType,
        moment: () => this.moment(),
        call: (parsed, context) => this.executeImpl(parsed as Task, context),
      },
      task,
      options,
      clock,
      warnings,
    );
    const result = yield* execution.steps(before, this.#parentIn(options.checkpoints));
    const newest = execution.newestCheckpointId;
    if (options.checkpoints !== undefined && newest !== null) {
      this.#newest = { store: options.checkpoints, id: newest };
    }
    if (result.status === "success") {
      this.#enter(AgentState.READY);
      this.#lastError = null;
    } else {
      this.#enterError(result.error);
      if (result.aborted) this.#undoAborted = () => before.undo();
    }
    return result as Result<Value>;
  }

  /** The checkpoint that the next one follows, where it is in the same store. */
  #parentIn(store: CheckpointStore | undefined): string | null {
    return store !== undefined && this.#newest?.store === store ? this.#newest.id : null;
  }

  #momentOrNothing(warnings: string[]): Moment {
    try {
      return this.moment();
    } catch (error) {
      warnings.push(`The agent's state was not kept: ${describeError(error).message}`);
      return { context: null, undo: () => undefined, warnings: [] };
    }
  }

  *#shutdownSteps(): Steps<boolean> {
    try {
      if (this.#initialized) {
        yield* settle(this.shutdownImpl(), `shutting down agent "${this.metadata.name}"`);
        this.#options.checkpoints?.save({
          agent: this.metadata.name,
          agentType: this.metadata.agentType,
          label: "shutdown",
          state: AgentState.STOPPED,
          context: this.moment().context,
          task: null,
          parentId: this.#parentIn(this.#options.checkpoints),
          runId: null,
        });
      }
      this.#enter(AgentState.STOPPED);
      return true;
    } catch (error) {
      this.#enterError(describeError(error));
      return false;
    }
  }

  #enterError(error: ErrorInfo): void {
    this.#enter(AgentState.ERROR);
    this.#lastError = error;
  }

  #enter(to: AgentState): void {
    checkTransition(this.metadata.name, this.#state, to);
    this.#state = to;
  }
}

function neverStarted(cause: unknown, { aborted }: AbortSignalLike): FailedResult {
  const error = describeError(cause);
  if (!aborted) error.message = `Initializing failed: ${error.message}`;
  return {
    status: "failed",
    error,
    cause,
    aborted,
    warnings: [],
    checkpointId: null,
    attempts: 0,
    durationMs: 0,
    usage: { tokens: 0, cost: 0 },
  };
}
