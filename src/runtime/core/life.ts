import { abortError, type AbortSignalLike, neverAborted } from "./abort.ts";
import type { CheckpointStore } from "./checkpointStore.ts";
import { systemClock } from "./clock.ts";
import { AgentUsageError, describeError } from "./errors.ts";
import { type Executable, Execution } from "./execution.ts";
import { Initialization } from "./initialization.ts";
import type { Moment } from "./moment.ts";
import { Observers } from "./observers.ts";
import { type Activity, Occupation } from "./occupation.ts";
import { checkOptions } from "./options.ts";
import { Report } from "./report.ts";
import { checkpointToResume, type Kept, restoreCheckpoint, versionField } from "./restoring.ts";
import { AgentState } from "./state.ts";
import { AgentStatus, brokenObserver } from "./status.ts";
import { runAsync, runSync, settle, type Steps } from "./steps.ts";
import type { ToolUse } from "./toolbox.ts";
import type { AgentOptions, ExecuteOptions, FailedResult, Result } from "./types.ts";

/** What an agent's own code does in its life. */
export interface LivingAgent extends Executable {
  initialize(): unknown;
  /** Whether stored state is given to it after that, not before; then it is kept as it is before `shutdown`, too. */
  restoresLast(): boolean;
  shutdown(): unknown;
}

type OptionSteps<T> = (options: ExecuteOptions) => Steps<T>;

/** The life of one agent: how it is initialised, executed and shut down, synchronously or not. */
export class AgentLife {
  readonly observers: Observers;
  readonly status: AgentStatus;
  readonly #agent: LivingAgent;
  readonly #options: AgentOptions;
  readonly #occupation: Occupation;
  readonly #initialization = new Initialization();
  /** Whether the agent has the state to begin with. */
  #restored = false;
  /** What restoring could not do, for the result that comes next. */
  #restoreWarnings: string[] = [];
  /** The checkpoint that the next one follows. */
  #newest: { store: CheckpointStore; id: string } | null = null;
  #execution: Execution | null = null;
  /** Undoes what code that goes on after an abort changes. */
  #undoAborted: (() => void) | null = null;

  constructor(agent: LivingAgent, options: AgentOptions) {
    const { name } = agent.metadata;
    this.observers = new Observers(agent.metadata, options.observers);
    this.status = new AgentStatus(name, this.observers);
    this.#agent = agent;
    this.#options = { ...options };
    this.#occupation = new Occupation(name);
  }

  /** How tools are called now: within the execution that is under way, else on their own. */
  get toolUse(): ToolUse {
    const alone = { shared: this.#options.tools, signal: neverAborted, now: Date.now, emit: () => undefined };
    return this.#execution?.toolUse ?? alone;
  }

  initialize(): boolean {
    return this.#sync("initialize", {}, (options) => this.#initializeSteps(options));
  }

  initializeAsync(): Promise<boolean> {
    return this.#async("initialize", {}, (options) => this.#initializeSteps(options));
  }

  execute(task: unknown, own: ExecuteOptions): Result {
    return this.#sync("execute", own, (options) => this.#executeSteps(task, options, true));
  }

  executeAsync(task: unknown, own: ExecuteOptions): Promise<Result> {
    return this.#async("execute", own, (options) => this.#executeSteps(task, options, false));
  }

  shutdown(): boolean {
    if (this.status.state === AgentState.STOPPED) return true;
    return this.#sync("shutdown", {}, (options) => this.#shutdownSteps(options, true));
  }

  async shutdownAsync(): Promise<boolean> {
    if (this.status.state === AgentState.STOPPED) return true;
    return this.#async("shutdown", {}, (options) => this.#shutdownSteps(options, false));
  }

  #sync<T>(activity: Activity, own: ExecuteOptions, steps: OptionSteps<T>): T {
    const options = this.#begin(activity, own);
    try {
      return runSync(steps(options), options.clock ?? systemClock);
    } finally {
      this.#end(null);
    }
  }

  async #async<T>(activity: Activity, own: ExecuteOptions, steps: OptionSteps<T>): Promise<T> {
    const options = this.#begin(activity, own);
    let abandoned: Promise<unknown> | null = null;
    try {
      return await runAsync(steps(options), {
        clock: options.clock ?? systemClock,
        signal: options.signal ?? neverAborted,
        onAbandoned: (running) => void (abandoned = running),
      });
    } finally {
      this.#end(abandoned);
    }
  }

  /** Answers with the agent's options and, over them, those of the call. */
  #begin(activity: Activity, own: ExecuteOptions): ExecuteOptions {
    if (this.status.state === AgentState.STOPPED) {
      throw new AgentUsageError(
        `Agent "${this.#agent.metadata.name}" was shut down and cannot ${activity}: make a new one.`,
      );
    }
    checkOptions(own);
    this.#occupation.begin(activity);
    this.observers.during(own.observers ?? []);
    const given = Object.entries(own).filter(([, value]) => value !== undefined);
    return { ...this.#options, ...(Object.fromEntries(given) as ExecuteOptions) };
  }

  /** Code that goes on after an abort keeps the agent from executing again until it is done. */
  #end(abandoned: Promise<unknown> | null): void {
    const undo = this.#undoAborted;
    this.#undoAborted = null;
    this.observers.during([]);
    if (abandoned === null) {
      this.#execution = null;
      this.#occupation.end();
      return;
    }
    this.#occupation.abandon(abandoned, () => {
      this.#execution = null;
      try {
        undo?.();
      } catch (error) {
        this.status.note(describeError(error));
      }
    });
  }

  *#initializeSteps(options: AgentOptions): Steps<boolean> {
    try {
      yield* this.#prepare(options, null);
      if (this.status.state !== AgentState.READY) this.status.enter(AgentState.READY, []);
      return true;
    } catch (error) {
      this.status.fail(describeError(error), []);
      return false;
    }
  }

  /** Initialises where that is not done, with the state to begin with: of the checkpoint to resume, else the newest. */
  *#prepare(options: AgentOptions, resumed: Kept | null): Steps<void> {
    const last = this.#agent.restoresLast();
    const begun = last ? this.#restored : this.#initialization.done;
    const kept = begun || resumed !== null ? resumed : this.#newestKept(options);
    if (!last) this.#restore(kept);
    yield* this.#initialization.steps(this.#agent.metadata.name, () => this.#agent.initialize());
    if (last) this.#restore(kept);
  }

  #restore(kept: Kept | null): void {
    if (kept !== null) {
      this.#restoreWarnings = restoreCheckpoint(this.#agent, kept.checkpoint);
      this.#newest = { store: kept.store, id: kept.checkpoint.id };
    }
    this.#restored = true;
  }

  #newestKept({ restore }: AgentOptions): Kept | null {
    const store = this.#options.checkpoints;
    if (store === undefined || restore === false) return null;
    const checkpoint = store.latest(this.#agent.metadata.name, { completed: true });
    return checkpoint === null ? null : { store, checkpoint };
  }

  *#executeSteps(task: unknown, options: ExecuteOptions, sync: boolean): Steps<Result> {
    const { signal = neverAborted, checkpoints, clock = systemClock } = options;
    const started = clock.now();
    const warnings: string[] = [];
    const initialized = this.#initialization.done;
    if (!initialized && signal.aborted) return this.#told(neverStarted(abortError(signal), "", signal));
    const refused = (cause: unknown, what: string): Result => {
      const failed = neverStarted(cause, what, signal);
      failed.durationMs = Math.max(0, clock.now() - started);
      failed.warnings.push(...warnings);
      this.status.conclude(failed);
      return this.#told(failed);
    };
    let resumed: Kept | null;
    try {
      resumed = checkpointToResume(options, this.#agent.metadata);
    } catch (error) {
      return refused(error, "");
    }
    try {
      yield* this.#prepare(options, resumed);
    } catch (error) {
      return refused(error, initialized ? "Resuming failed: " : "Initializing failed: ");
    }
    warnings.push(...this.#restoreWarnings.splice(0));
    if (!initialized) this.status.enter(AgentState.READY, warnings);
    this.status.enter(AgentState.BUSY, warnings);
    const before = this.#momentOrNothing(warnings);
    const report: Report = new Report(warnings, (event) => {
      this.observers.event(event, (error) => report.warn(brokenObserver(error)));
      return options.onEvent?.(event);
    });
    const execution = new Execution(this.#agent, {
      task,
      options,
      clock,
      started,
      sync,
      before,
      parentId: this.#parentIn(checkpoints),
      recorded: resumed?.checkpoint.answers ?? [],
      report,
    });
    this.#execution = execution;
    const result = yield* execution.steps();
    this.#newest = execution.newest ?? this.#newest;
    if (result.status === "failed" && result.aborted) this.#undoAborted = () => before.undo();
    this.status.conclude(result);
    return this.#told(result);
  }

  #told(result: Result): Result {
    this.observers.result(result, (error) => result.warnings.push(brokenObserver(error)));
    return result;
  }

  /** The checkpoint that the next one follows, where it is in the same store. */
  #parentIn(store: CheckpointStore | undefined): string | null {
    return store !== undefined && this.#newest?.store === store ? this.#newest.id : null;
  }

  #momentOrNothing(warnings: string[]): Moment {
    try {
      return this.#agent.moment();
    } catch (error) {
      warnings.push(`The agent's state was not kept: ${describeError(error).message}`);
      return { context: null, unkept: [], undo: () => undefined, warnings: [] };
    }
  }

  /**
   * The state to keep of an agent that gets it back after it was initialised: not that of one that was ended. Null where
   * it is read after that.
   */
  #stateBeforeShutdown(): Pick<Moment, "context"> | null {
    if (!this.#agent.restoresLast()) return null;
    this.#occupation.undoAbandoned();
    try {
      return this.#agent.moment();
    } catch {
      // The agent is ended all the same; reading it then tells the error.
      return null;
    }
  }

  *#shutdownSteps({ checkpoints }: ExecuteOptions, sync: boolean): Steps<boolean> {
    const { metadata } = this.#agent;
    try {
      if (sync && this.#initialization.running) {
        throw new AgentUsageError(
          `Agent "${metadata.name}" is still initializing, and shutdown() cannot wait for that: use shutdownAsync().`,
        );
      }
      yield* this.#initialization.ended(metadata.name);
      if (this.#initialization.done) {
        // Without the state to begin with, a checkpoint would hide what is stored.
        const store = this.#restored ? checkpoints : undefined;
        const before = store && this.#stateBeforeShutdown();
        yield* settle(this.#agent.shutdown(), `shutting down agent "${metadata.name}"`);
        this.#occupation.undoAbandoned();
        store?.save({
          agent: metadata.name,
          agentType: metadata.agentType,
          label: "shutdown",
          state: AgentState.STOPPED,
          context: (before ?? this.#agent.moment()).context,
          task: null,
          parentId: this.#parentIn(store),
          runId: null,
          ...versionField(this.#agent),
        });
      }
      this.status.enter(AgentState.STOPPED, []);
      return true;
    } catch (error) {
      this.status.fail(describeError(error), []);
      return false;
    }
  }
}

/** The result of an execution whose agent's code did not run. */
function neverStarted(cause: unknown, what: string, { aborted }: AbortSignalLike): FailedResult {
  const error = describeError(cause);
  if (!aborted) error.message = `${what}${error.message}`;
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
