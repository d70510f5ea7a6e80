import { setMaxListeners } from "node:events";
import type { NativeAbortSignal } from "../core/abort.ts";
import { isAgent } from "../core/agent.ts";
import type { AgentLike } from "../core/agentLike.ts";
import { AgentUsageError, describeError, type ErrorInfo } from "../core/errors.ts";
import { AgentState } from "../core/state.ts";
import { checkTimeout } from "../core/tools/limits.ts";
import { type Answer, callAgent } from "./patience.ts";
import { type Dependent, dependentsOf, inDependencyOrder } from "./plan.ts";
import { onStopSignal } from "./signals.ts";
import type {
  AgentReport,
  LifecycleOptions,
  LifecycleReport,
  ManagedAgentOptions,
  SignalOptions,
  StartReport,
  StopReport,
} from "./types.ts";

interface Managed extends Dependent {
  readonly agent: AgentLike;
  readonly startTimeoutMs: number | null;
  readonly stopTimeoutMs: number | null;
  /** Settles when initialising has ended, however long it takes; null where it was not begun. */
  initializing: Promise<unknown> | null;
}

type StartStatus = StartReport["agents"][number]["status"];
type StopStatus = StopReport["agents"][number]["status"];

const beingStopped = "The agents are being stopped.";
const whatBecame: Record<StartStatus, string> = {
  started: "was started",
  failed: "failed to start",
  skipped: "was skipped",
  "timed out": "did not start in time",
};

/**
 * Starts agents in the order of their dependencies and stops them in reverse; those that do not depend on each other at
 * the same time. An agent that fails, or takes too long, does not keep the others from starting or stopping, except
 * those that depend on it from starting. Once: agents that were shut down do not start again.
 */
export class LifecycleManager {
  readonly #agents = new Map<string, Managed>();
  readonly #defaults: LifecycleOptions;
  readonly #controller = new AbortController();
  #starting: Promise<StartReport> | null = null;
  #stopping: Promise<StopReport> | null = null;

  /** `options` hold for each agent that is added without. Throws an {@link AgentUsageError} for a time that is none. */
  constructor(options: LifecycleOptions = {}) {
    // As many executions may hand it on as there are agents.
    setMaxListeners(0, this.#controller.signal);
    this.#defaults = {
      startTimeoutMs: limit("startTimeoutMs", options.startTimeoutMs, 30_000) ?? Infinity,
      stopTimeoutMs: limit("stopTimeoutMs", options.stopTimeoutMs, 10_000) ?? Infinity,
    };
  }

  /** Aborts when stopping begins; give it to executions that should end then. */
  get signal(): NativeAbortSignal {
    return this.#controller.signal;
  }

  /**
   * Adds an agent. Throws an {@link AgentUsageError} for what is no agent, where the name is taken, for a time that is
   * none or dependencies that are no list, and once starting or stopping has begun.
   */
  add(agent: AgentLike, options: ManagedAgentOptions = {}): void {
    if (!isAgent(agent)) {
      throw new AgentUsageError("Only agents are managed: wrap other objects in a UniversalAgentAdapter.");
    }
    const { name } = agent.metadata;
    if (this.#starting !== null || this.#stopping !== null) {
      throw new AgentUsageError(`Agent "${name}" comes too late: add agents before they are started.`);
    }
    if (this.#agents.has(name)) throw new AgentUsageError(`An agent "${name}" was added already.`);
    const { dependsOn = [] } = options;
    if (!Array.isArray(dependsOn)) {
      throw new AgentUsageError(`What agent "${name}" depends on is a list of agents or their names.`);
    }
    this.#agents.set(name, {
      agent,
      name,
      dependsOn: new Set(
        (dependsOn as readonly (string | AgentLike)[]).map((each) =>
          typeof each === "string" ? each : each.metadata.name,
        ),
      ),
      startTimeoutMs: limit("startTimeoutMs", options.startTimeoutMs, this.#defaults.startTimeoutMs),
      stopTimeoutMs: limit("stopTimeoutMs", options.stopTimeoutMs, this.#defaults.stopTimeoutMs),
      initializing: null,
    });
  }

  /**
   * Initialises all agents and says what became of each; a second call answers the same. Rejects with an
   * {@link AgentUsageError}, and starts none, where an agent depends on one that was not added or, through others, on
   * itself, and after {@link stop}.
   */
  async start(): Promise<StartReport> {
    if (this.#starting !== null) return this.#starting;
    if (this.#stopping !== null) {
      throw new AgentUsageError("The agents were stopped and do not start again: make new ones.");
    }
    const ordered = inDependencyOrder(this.#agents);
    this.#starting = this.#startAll(ordered);
    return this.#starting;
  }

  /**
   * Shuts all agents down, also those that were not started, and says what became of each; a second call answers the
   * same, and none rejects. Agents that are being started or are executing are waited for, within their time; one that
   * is initialised only after that is shut down then.
   */
  stop(): Promise<StopReport> {
    if (this.#stopping === null) {
      this.#stopping = this.#stopAll();
      this.#controller.abort(beingStopped);
    }
    return this.#stopping;
  }

  /**
   * Stops all agents at SIGINT and SIGTERM. Then the process ends as the signal would have ended it (where the program
   * listens to the signal too, with the exit code 128 + its number), unless `exit` is false; a second signal ends it at
   * once. The answer undoes this. Throws an {@link AgentUsageError} in a worker thread, which signals do not reach.
   */
  handleSignals(options: SignalOptions = {}): () => void {
    return onStopSignal(async (signal) => {
      const report = await this.stop();
      await options.onStopped?.(report, signal);
    }, options.exit ?? true);
  }

  async #startAll(ordered: readonly Managed[]): Promise<StartReport> {
    const reports = new Map<string, Promise<AgentReport<StartStatus>>>();
    for (const managed of ordered) {
      const dependencies = [...managed.dependsOn].flatMap((name) => reports.get(name) ?? []);
      reports.set(
        managed.name,
        Promise.all(dependencies).then((ready) => this.#startOne(managed, ready)),
      );
    }
    return summary("started", await Promise.all(reports.values()));
  }

  async #startOne(
    managed: Managed,
    dependencies: readonly AgentReport<StartStatus>[],
  ): Promise<AgentReport<StartStatus>> {
    const { agent, name, startTimeoutMs } = managed;
    const missing = dependencies.find(({ status }) => status !== "started");
    if (missing !== undefined) {
      return skipped(name, `It depends on "${missing.name}", which ${whatBecame[missing.status]}.`);
    }
    // An agent that executes is initialised, and would refuse.
    if (agent.state === AgentState.BUSY) return report(name, "started", 0);
    const began = performance.now();
    const call = { cancelled: false };
    const answer = await callAgent(agent, startTimeoutMs, () => {
      if (this.#stopping !== null) {
        call.cancelled = true;
        return Promise.resolve(false);
      }
      const initializing = agent.initializeAsync();
      managed.initializing = initializing.catch(() => undefined);
      return initializing;
    });
    if (call.cancelled) return skipped(name, beingStopped);
    return reportOf(managed, "started", answer, performance.now() - began);
  }

  async #stopAll(): Promise<StopReport> {
    const ordered = [...this.#stopOrder()].reverse();
    const dependents = dependentsOf(ordered);
    const reports = new Map<string, Promise<AgentReport<StopStatus>>>();
    for (const managed of ordered) {
      const before = (dependents.get(managed.name) ?? []).flatMap(({ name }) => reports.get(name) ?? []);
      reports.set(
        managed.name,
        Promise.all(before).then(() => this.#stopOne(managed)),
      );
    }
    return summary("stopped", await Promise.all(reports.values()));
  }

  #stopOrder(): Managed[] {
    try {
      return inDependencyOrder(this.#agents);
    } catch {
      // They were never started, and each that somebody else started is stopped whatever its dependencies.
      return [...this.#agents.values()];
    }
  }

  async #stopOne(managed: Managed): Promise<AgentReport<StopStatus>> {
    const { agent, stopTimeoutMs, initializing } = managed;
    const began = performance.now();
    const answer = await callAgent(agent, stopTimeoutMs, () => agent.shutdownAsync(), initializing);
    return reportOf(managed, "stopped", answer, performance.now() - began);
  }
}

function limit(name: string, given: number | undefined, fallback: number | undefined): number | null {
  return checkTimeout(given ?? fallback, name);
}

function summary<Status extends string>(
  good: Status,
  agents: readonly AgentReport<Status>[],
): LifecycleReport<Status> {
  return { ok: agents.every(({ status }) => status === good), agents };
}

function report<Status extends string>(
  name: string,
  status: Status,
  durationMs: number,
  reason: string | null = null,
  error: ErrorInfo | null = null,
): AgentReport<Status> {
  return { name, status, reason, error, durationMs };
}

const skipped = (name: string, reason: string): AgentReport<"skipped"> => report(name, "skipped", 0, reason);

function reportOf<Good extends "started" | "stopped">(
  { agent, name, startTimeoutMs, stopTimeoutMs }: Managed,
  good: Good,
  answer: Answer,
  durationMs: number,
): AgentReport<Good | "failed" | "timed out"> {
  if ("timedOut" in answer) {
    const busy = answer.timedOut === null ? null : describeError(answer.timedOut);
    const timeoutMs = good === "started" ? startTimeoutMs : stopTimeoutMs;
    const within = `It was not ${good} within ${String(timeoutMs)} ms`;
    const reason = busy === null ? `${within}.` : `${within}: ${busy.message}`;
    return report(name, "timed out", durationMs, reason, busy);
  }
  if ("returned" in answer && answer.returned) return report(name, good, durationMs);
  const error = "thrown" in answer ? describeError(answer.thrown) : agent.lastError;
  return report(
    name,
    "failed",
    durationMs,
    error?.message ?? `It was not ${good}, and does not say why.`,
    error,
  );
}
