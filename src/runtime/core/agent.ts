import { isRecord } from "./clone.ts";
import type { ErrorInfo } from "./errors.ts";
import type { AgentObserver } from "./events.ts";
import { AgentLife } from "./life.ts";
import { AgentMetadata, type AgentMetadataInit } from "./metadata.ts";
import { copiedMoment, type Moment } from "./moment.ts";
import { checkOptions } from "./options.ts";
import type { StandardSchema } from "./standardSchema.ts";
import type { AgentState } from "./state.ts";
import { Toolbox } from "./toolbox.ts";
import type { ToolRegistry } from "./tools/registry.ts";
import type { SharedTools, ToolFunction, ToolOptions } from "./tools/types.ts";
import type { AgentOptions, ExecuteOptions, ExecutionContext, Result } from "./types.ts";

/** Marks agents across two copies of this library. */
const brand = Symbol.for("opsvi-agents.agent");

/** What an agent says of its tasks, across two copies. */
const schemaKey = Symbol.for("opsvi-agents.taskSchema");

/** What an agent says of its tools, across two copies. */
const toolsKey = Symbol.for("opsvi-agents.tools");

/** Where the tools of an agent are registered. */
export interface ToolSources {
  /** Those that it registered itself, which it need not declare; null where there are none. */
  readonly own: ToolRegistry | null;
  /** Those that it shares with other agents; undefined where it shares none. */
  readonly shared: SharedTools | undefined;
}

/** Where the tools of an agent are registered; null where an older copy does not tell. */
export function toolSourcesOf(agent: object): ToolSources | null {
  return (agent as { [toolsKey]?: ToolSources })[toolsKey] ?? null;
}

/** The schema that an agent was made with; null where there is none, or an older copy does not tell. */
export function taskSchemaOf(agent: object): StandardSchema | null {
  return (agent as { [schemaKey]?: StandardSchema | null })[schemaKey] ?? null;
}

/** Whether a value is an agent, also one of another copy of this library. */
export function isAgent(value: unknown): value is BaseAgent {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * An agent: initialised, executed with tasks, one at a time, and shut down. Subclasses override `executeImpl` and,
 * where they need to, `initializeImpl`, `shutdownImpl`, `snapshot` and `restore` (with `stateVersion` and
 * `migrateState` when its shape changes). `State` is what `context` holds; where it has fields that must be there, the
 * subclass gives `context` its first value.
 */
export class BaseAgent<Task = unknown, Value = unknown, State extends object = Record<string, unknown>> {
  static {
    Object.defineProperty(this.prototype, brand, { value: 1 });
    const tell = function (this: BaseAgent) {
      return this.#taskSchema;
    };
    Object.defineProperty(this.prototype, schemaKey, { get: tell });
    const tellTools = function (this: BaseAgent): ToolSources {
      return { own: this.#toolbox.own, shared: this.#life.toolUse.shared };
    };
    Object.defineProperty(this.prototype, toolsKey, { get: tellTools });
  }

  /** Who the agent is. */
  readonly metadata: AgentMetadata;
  /**
   * The agent's own state: part of checkpoints, rolled back on failure; empty at first. Holds plain data: all else, such
   * as a client, is not rolled back and not in checkpoints, and the result's warnings say so.
   */
  protected context: State = {} as State;
  readonly #toolbox: Toolbox;
  readonly #life: AgentLife;
  readonly #hasAnswerer: boolean;
  readonly #taskSchema: StandardSchema | null;

  /** Makes an agent in state "created". Throws an {@link AgentUsageError} for metadata and options that cannot be used. */
  constructor(metadata: AgentMetadata | AgentMetadataInit, options: AgentOptions = {}) {
    checkOptions(options);
    this.metadata = metadata instanceof AgentMetadata ? metadata : new AgentMetadata(metadata);
    this.#toolbox = new Toolbox(this.metadata);
    this.#hasAnswerer = options.answerer !== undefined;
    this.#taskSchema = options.taskSchema ?? null;
    this.#life = new AgentLife(
      {
        metadata: this.metadata,
        toolbox: this.#toolbox,
        initialize: () => this.initializeImpl(),
        call: (task, context) => this.executeImpl(task as Task, context),
        shutdown: () => this.shutdownImpl(),
        moment: () => this.moment(),
        snapshot: () => this.snapshot(),
        restore: (snapshot) => this.restore(snapshot),
        restoresLast: () => this.restoresLast,
        stateVersion: () => this.stateVersion,
        migrateState: (snapshot, fromVersion) => this.migrateState(snapshot, fromVersion),
      },
      options,
    );
  }

  /** One of the values of {@link AgentState}. */
  get state(): AgentState {
    return this.#life.status.state;
  }

  /** Whether its own options have an answerer. */
  get hasAnswerer(): boolean {
    return this.#hasAnswerer;
  }

  /** Why the agent last entered state "error", or null. */
  get lastError(): ErrorInfo | null {
    return this.#life.status.lastError;
  }

  /**
   * Makes the agent ready: restores its newest completed checkpoint, then calls `initializeImpl`. Answers false where
   * that fails (see {@link lastError}). Throws an {@link AgentUsageError} while something is under way and after
   * shutdown.
   */
  initialize(): boolean {
    return this.#life.initialize();
  }

  /** {@link initialize} for an `initializeImpl` that returns a promise. */
  initializeAsync(): Promise<boolean> {
    return this.#life.initializeAsync();
  }

  /**
   * Executes a task and answers with a result; an agent's failure is a result too. Initialises first where needed.
   * `options` override the agent's own for this execution. Throws an {@link AgentUsageError} while something is under
   * way, after shutdown and for options that cannot be used. An implementation that returns a promise needs {@link executeAsync}.
   */
  execute(task: Task, options: ExecuteOptions = {}): Result<Value> {
    return this.#life.execute(task, options) as Result<Value>;
  }

  /** {@link execute} for implementations that may return a promise; rejects only with an {@link AgentUsageError}. */
  executeAsync(task: Task, options: ExecuteOptions = {}): Promise<Result<Value>> {
    return this.#life.executeAsync(task, options) as Promise<Result<Value>>;
  }

  /**
   * Ends the agent: calls `shutdownImpl`, then saves a checkpoint. Answers false where that fails (see
   * {@link lastError}) and true where the agent is stopped, also if it was before. Throws an {@link AgentUsageError}
   * while something is under way; work that goes on after an abort is none. An initialisation that goes on, after an
   * abort or because `initialize` could not wait for it, needs {@link shutdownAsync}.
   */
  shutdown(): boolean {
    return this.#life.shutdown();
  }

  /**
   * {@link shutdown} for a `shutdownImpl` that returns a promise. Waits for an initialisation that goes on, however long
   * that takes, to end what it began.
   */
  shutdownAsync(): Promise<boolean> {
    return this.#life.shutdownAsync();
  }

  /** Tells the observer what the agent does from now on, until the returned function is called. */
  observe(observer: AgentObserver): () => void {
    return this.#life.observers.add(observer);
  }

  /**
   * Gives the agent a tool of its own, which it need not declare. Throws an {@link AgentUsageError} where it has one of
   * that name (unless `replace` is set) or an option cannot be used.
   */
  registerTool<Params, Answer>(
    name: string,
    func: ToolFunction<Params, Answer>,
    options?: ToolOptions<Params>,
  ): void {
    this.#toolbox.register(name, func, options);
  }

  /**
   * Calls a tool, the agent's own before those it shares, and answers with what it returned, untouched: a promise where
   * the tool returns one. Throws a {@link ToolRefusedError} where there is none of that name or the agent may not call
   * it, and what the tool throws.
   */
  executeTool(name: string, params?: unknown): unknown {
    return this.#toolbox.call(name, params, this.#life.toolUse);
  }

  /** The names of the tools that the agent may call now, sorted: its own and those it shares. */
  tools(): string[] {
    return this.#toolbox.names(this.#life.toolUse.shared);
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

  /**
   * Takes a state that `snapshot` gave, or one that a checkpoint kept: there, what lacks a secret that was removed is what
   * `snapshot` gives now.
   */
  protected restore(snapshot: unknown): void {
    if (isRecord(snapshot)) this.context = snapshot as State;
  }

  /** Whether a stored state is restored after `initializeImpl`, not before; then it is kept as it is before `shutdownImpl`. */
  protected get restoresLast(): boolean {
    return false;
  }

  /** The version of the state that `snapshot` gives: a whole number, counted up when its shape changes. */
  protected get stateVersion(): number {
    return 1;
  }

  /**
   * Makes a state of this version of one that an older version kept. `fromVersion` is lower than {@link stateVersion}.
   * Override it when that is counted up; what it throws fails the initialisation, and the agent's state stays as it is.
   */
  protected migrateState(snapshot: unknown, fromVersion: number): unknown;
  protected migrateState(_snapshot: unknown, fromVersion: number): unknown {
    throw new Error(
      `Agent "${this.metadata.name}" has state version ${this.stateVersion} and cannot read a checkpoint of version ` +
        `${fromVersion}: override migrateState, or set restore: false to begin anew.`,
    );
  }

  /** The agent's state now, and how to return to it. Override only where `snapshot` and `restore` do not do. */
  protected moment(): Moment {
    return copiedMoment(
      () => this.snapshot(),
      (snapshot) => this.restore(snapshot),
    );
  }
}
