import { performance } from "node:perf_hooks";
import { AgentUsageError, describeError } from "../core/errors.ts";
import type { AgentEvent, AgentObserver } from "../core/events.ts";
import type { AgentMetadata } from "../core/metadata.ts";
import { AgentState } from "../core/state.ts";
import type { ToolCall } from "../core/tools/types.ts";
import type { Result } from "../core/types.ts";
import { emitWarning } from "../storeError.ts";
import { Executions } from "./executions.ts";
import { MemoryProbe } from "./memory.ts";
import { Names } from "./names.ts";
import type { Moment } from "./rates.ts";
import { Thresholds } from "./thresholds.ts";
import { CallsOfAgent, ToldBefore, ToolCalls } from "./toolCalls.ts";
import type {
  ExecutionRecord,
  PerformanceEvents,
  PerformanceMonitorOptions,
  PerformanceSnapshot,
  ToolRecord,
  Watchable,
} from "./types.ts";

interface OfAgent {
  agentType: string;
  executions: Executions;
  calls: CallsOfAgent;
}

type Listener = (record: never) => void;

/**
 * Counts what agents and tools do: how often, how often it fails, how long it takes, what it consumes. It is an
 * {@link AgentObserver}: {@link watch} agents and tool registries, or give it to agents among their `observers`. Its
 * memory is bounded; nothing of a task, a value, or an error's message is kept.
 */
export class PerformanceMonitor implements AgentObserver {
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #memory: MemoryProbe;
  readonly #thresholds: Thresholds;
  readonly #agents: Names<OfAgent>;
  readonly #tools: Names<ToolCalls>;
  readonly #makeExecutions: () => Executions;
  readonly #listeners: Record<keyof PerformanceEvents, Set<{ listener: Listener }>> = {
    execution: new Set(),
    tool: new Set(),
    threshold: new Set(),
  };
  readonly #watches = new Set<() => void>();
  readonly #toldBefore = new ToldBefore();
  /** What is watched twice tells twice of the same thing. */
  readonly #seen = new WeakSet();
  #total: Executions;
  #since: number;
  #warned = false;

  /** Begins to count. Throws an {@link AgentUsageError} for options that cannot be. */
  constructor(options: PerformanceMonitorOptions = {}) {
    const { windowMs = 60_000, maxNames = 500, memory = true, thresholds = [] } = options;
    if (!Number.isFinite(windowMs) || windowMs <= 0) {
      throw new AgentUsageError(`windowMs is a number of milliseconds over 0, and not ${String(windowMs)}.`);
    }
    if (!Number.isSafeInteger(maxNames) || maxNames < 1) {
      throw new AgentUsageError(`maxNames is a whole number of at least 1, and not ${String(maxNames)}.`);
    }
    this.#windowMs = windowMs;
    this.#now = options.now ?? (() => performance.now());
    this.#memory = new MemoryProbe(memory);
    this.#thresholds = new Thresholds(thresholds);
    this.#makeExecutions = () => new Executions(windowMs, memory);
    this.#agents = new Names(maxNames, () => ({
      agentType: "",
      executions: this.#makeExecutions(),
      calls: new CallsOfAgent(),
    }));
    this.#tools = new Names(maxNames, () => new ToolCalls(windowMs));
    this.#total = this.#makeExecutions();
    this.#since = this.#now();
  }

  /**
   * Counts what an agent, or the tools of a registry, do from now on, until the returned function (or {@link close}) is
   * called; until then the monitor keeps what it watches alive, so agents that come and go get it among their
   * `observers` instead. What is told twice, because it is watched twice, or by an agent and its tool registry, counts
   * once. Throws an {@link AgentUsageError} for what is neither.
   */
  watch(watched: Watchable): () => void {
    const observer = Object.assign((call: ToolCall) => this.onToolCall(call), {
      onEvent: (event: AgentEvent, agent: AgentMetadata) => this.onEvent(event, agent),
      onResult: (result: Result, agent: AgentMetadata) => this.onResult(result, agent),
      onState: (state: AgentState, previous: AgentState, agent: AgentMetadata) =>
        this.onState(state, previous, agent),
    });
    const given: unknown = watched;
    const { observe } = (given ?? {}) as Partial<Watchable>;
    if (typeof observe !== "function") {
      throw new AgentUsageError(
        "A monitor watches agents and tool registries, which have a method observe().",
      );
    }
    const unobserve = watched.observe(observer);
    const off = () => {
      if (!this.#watches.delete(off)) return;
      unobserve();
      const { metadata } = watched as { metadata?: AgentMetadata };
      // Its end will not be told.
      if (metadata !== undefined) this.#end(metadata);
    };
    this.#watches.add(off);
    return off;
  }

  /** Ends all watching; what was counted stays. May be called again. */
  close(): void {
    for (const off of [...this.#watches]) off();
  }

  /** Calls the listener at each such event, until the returned function is called; what it throws is a warning. */
  on<Name extends keyof PerformanceEvents>(
    event: Name,
    listener: (record: PerformanceEvents[Name]) => void,
  ): () => void {
    const listeners = this.#listeners[event] as Set<{ listener: Listener }> | undefined;
    if (listeners === undefined) {
      const events = Object.keys(this.#listeners).join(", ");
      throw new AgentUsageError(`The events are ${events}, and not ${event}.`);
    }
    const entry = { listener };
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** All that was counted since the monitor was made or {@link reset}, as plain data that JSON keeps. */
  snapshot(): PerformanceSnapshot {
    const moment = this.#moment();
    return {
      time: new Date().toISOString(),
      elapsedMs: Math.max(0, moment.now - moment.since),
      windowMs: this.#windowMs,
      total: this.#total.figures(moment),
      agents: this.#agents.sorted().map(([agent, { agentType, executions, calls }]) => ({
        agent,
        agentType,
        ...executions.figures(moment),
        tools: calls.figures(),
      })),
      tools: this.#tools.sorted().map(([tool, calls]) => calls.figures(tool, moment)),
      memory: this.#memory.read(),
    };
  }

  /** Counts anew from 0. Watches, listeners and thresholds stay; what is under way counts when it ends. */
  reset(): void {
    const running = this.#agents.sorted().filter(([, { executions }]) => executions.running > 0);
    const total = this.#total.running;
    this.#agents.clear();
    this.#tools.clear();
    this.#total = this.#makeExecutions();
    this.#total.running = total;
    for (const [name, { agentType, executions }] of running) {
      const fresh = this.#agents.get(name);
      fresh.agentType = agentType;
      fresh.executions.running = executions.running;
    }
    this.#memory.reset();
    this.#thresholds.reset();
    this.#since = this.#now();
  }

  /** For agents: counts the calls of tools. */
  onEvent(event: AgentEvent, agent: AgentMetadata): void {
    if (event.type !== "tool" || this.#isSeen(event)) return;
    const record = {
      tool: event.name,
      agent: agent.name,
      ok: event.ok,
      refused: event.refused === true,
      durationMs: event.durationMs,
    };
    if (!this.#toldBefore.byAgent(record)) this.#call(record);
  }

  /** For agents: counts an execution that ended. May be called with results that were got in another way, too. */
  onResult(result: Result, agent: AgentMetadata): void {
    if (this.#isSeen(result)) return;
    const heapDeltaBytes = this.#end(agent);
    // Of another copy of this library, which may be older.
    const usage = result.usage as Result["usage"] | undefined;
    const record: ExecutionRecord = {
      agent: agent.name,
      agentType: agent.agentType,
      status: result.status,
      aborted: result.status === "failed" && result.aborted,
      reportedFailure: result.status === "success" && result.reportedFailure !== null,
      durationMs: result.durationMs,
      attempts: result.attempts,
      tokens: usage?.tokens ?? 0,
      cost: usage?.cost ?? 0,
      heapDeltaBytes,
    };
    const now = this.#now();
    this.#ofAgent(agent).executions.add(now, record);
    this.#total.add(now, record);
    this.#emit("execution", record);
    const figuresOf = (name: string | undefined) =>
      (name === undefined ? this.#total : this.#agents.get(name).executions).figures(this.#moment());
    for (const change of this.#thresholds.changes(agent.name, figuresOf)) this.#emit("threshold", change);
  }

  /** For agents: knows from it which are executing. */
  onState(state: AgentState, _previous: AgentState, agent: AgentMetadata): void {
    if (state !== AgentState.BUSY || !this.#memory.begin(agent)) return;
    this.#ofAgent(agent).executions.running += 1;
    this.#total.running += 1;
  }

  /** For tool registries: counts a call. */
  onToolCall(call: ToolCall): void {
    if (this.#isSeen(call)) return;
    const { tool, agent, ok, durationMs } = call;
    const record = { tool, agent, ok, refused: call.refused !== undefined, durationMs };
    if (this.#agents.get(agent).executions.running > 0) this.#toldBefore.byRegistry(record);
    this.#call(record);
  }

  #call(record: ToolRecord): void {
    this.#tools.get(record.tool).add(this.#now(), record);
    this.#agents.get(record.agent).calls.add(record);
    this.#emit("tool", record);
  }

  /** An execution is under way no more; answers with what it did to the heap, where that is known. */
  #end(agent: AgentMetadata): number | null {
    const heapDelta = this.#memory.end(agent);
    if (heapDelta === undefined) return null;
    const { executions } = this.#ofAgent(agent);
    executions.running -= 1;
    this.#total.running -= 1;
    if (executions.running === 0) this.#toldBefore.forget(agent.name);
    return heapDelta;
  }

  #ofAgent({ name, agentType }: AgentMetadata): OfAgent {
    const known = this.#agents.get(name);
    known.agentType = agentType;
    return known;
  }

  #moment(): Moment {
    return { now: this.#now(), since: this.#since, windowMs: this.#windowMs };
  }

  #isSeen(told: object): boolean {
    if (this.#seen.has(told)) return true;
    this.#seen.add(told);
    return false;
  }

  #emit<Name extends keyof PerformanceEvents>(event: Name, record: PerformanceEvents[Name]): void {
    for (const entry of [...this.#listeners[event]]) {
      if (!this.#listeners[event].has(entry)) continue;
      try {
        (entry.listener as (record: PerformanceEvents[Name]) => void)(record);
      } catch (error) {
        if (this.#warned) continue;
        this.#warned = true;
        emitWarning(
          `A listener for "${event}" of a PerformanceMonitor failed: ${describeError(error).message}`,
        );
      }
    }
  }
}
