import {
  type AbortSignalLike,
  type NativeAbortSignal,
  nativeSignal,
  neverAborted,
  throwIfAborted,
} from "../abort.ts";
import { AgentUsageError, describeError } from "../errors.ts";
import { Call } from "./call.ts";
import { type RefusalReason, ToolRefusedError } from "./errors.ts";
import { checkTimeout, runWithin } from "./limits.ts";
import { Listeners } from "./listeners.ts";
import { jsonSchemaOf, parseLater, parseNow } from "./parameters.ts";
import { checkStandardSchema } from "../standardSchema.ts";
import { CallStatistics } from "./statistics.ts";
import type {
  ToolCall,
  ToolCaller,
  ToolCallOptions,
  ToolContext,
  ToolDescription,
  ToolFunction,
  ToolInfo,
  ToolOptions,
  ToolRefusal,
  ToolStats,
} from "./types.ts";

interface Tool {
  readonly info: ToolInfo;
  readonly func: ToolFunction<never>;
  readonly statistics: CallStatistics;
}

const mostRefusals = 100;
const mostNamed = 10;
const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/**
 * Tools that agents share. Who may call which is decided at each call: an agent that declares its tools
 * (`metadata.tools`) calls no other, and one that lacks a capability that the tool requires is refused.
 */
export class ToolRegistry {
  readonly #tools = new Map<string, Tool>();
  readonly #all = new CallStatistics();
  readonly #refusals: ToolRefusal[] = [];
  readonly #listeners = new Listeners<[ToolCall]>();

  /**
   * Adds a tool. Throws an {@link AgentUsageError} where the name is taken (unless `replace` is set) or empty, or
   * where an option cannot be used.
   */
  register<Params, Answer>(
    name: string,
    func: ToolFunction<Params, Answer>,
    options: ToolOptions<Params> = {},
  ): void {
    const { description = "", parameters, requiredCapabilities = [], timeoutMs, replace = false } = options;
    if (typeof name !== "string" || name.trim() === "") throw new AgentUsageError("A tool needs a name.");
    if (typeof func !== "function") throw new AgentUsageError(`Tool "${name}" needs a function.`);
    if (!replace && this.#tools.has(name)) {
      throw new AgentUsageError(
        `A tool "${name}" is registered already: unregister it first, or set replace: true.`,
      );
    }
    if (parameters !== undefined) checkStandardSchema(parameters, `The parameters of tool "${name}" are`);
    if (typeof requiredCapabilities === "string") {
      throw new AgentUsageError(`The requiredCapabilities of tool "${name}" are a list of names.`);
    }
    const info: ToolInfo = Object.freeze({
      name,
      description,
      requiredCapabilities: Object.freeze([...requiredCapabilities]),
      parameters: parameters ?? null,
      timeoutMs: checkTimeout(timeoutMs),
    });
    this.#tools.set(name, { info, func, statistics: new CallStatistics() });
  }

  /** Takes a tool away, and its counts; calls that are under way go on. Answers whether there was one. */
  unregister(name: string): boolean {
    return this.#tools.delete(name);
  }

  /** Whether a tool of this name is registered. */
  has(name: string): boolean {
    return this.#tools.has(name);
  }

  /** The tool of this name. */
  get(name: string): ToolInfo | undefined {
    return this.#tools.get(name)?.info;
  }

  /** All tools, sorted by name. */
  list(): ToolInfo[] {
    return [...this.#tools.values()].map(({ info }) => info).sort(byName);
  }

  /** The names of the tools that the agent may call now, sorted. */
  getToolsForAgent(agent: ToolCaller): string[] {
    return this.#open(agent).map(({ name }) => name);
  }

  /** Why the agent may not call the tool now, as the end of a sentence; null where it may. */
  refusalFor(name: string, agent: ToolCaller): string | null {
    return refusalOf(name, this.#tools.get(name), callerOf(agent))?.why ?? null;
  }

  /** All tools, or those that the agent may call now, as plain data sorted by name. */
  describe(agent?: ToolCaller): ToolDescription[] {
    return (agent === undefined ? this.list() : this.#open(agent)).map((info) => {
      const schema = info.parameters === null ? null : jsonSchemaOf(info.parameters);
      return {
        name: info.name,
        description: info.description,
        requiredCapabilities: [...info.requiredCapabilities],
        ...(schema === null ? {} : { parameters: schema }),
      };
    });
  }

  /**
   * Calls a tool for an agent and answers with what the tool returned, untouched; a promise is counted when it settles.
   * Throws a {@link ToolRefusedError} where the agent may not call it, a {@link ToolParametersError} where the
   * parameters do not fit, an {@link AgentUsageError} where validating them needs {@link executeAsync}, an
   * {@link ExecutionAbortedError} where the signal has aborted before, and what the tool throws. Time limits are not
   * looked at.
   */
  execute(name: string, agent: ToolCaller, params?: unknown, options: ToolCallOptions = {}): unknown {
    const { func, info, call } = this.#admit(name, agent);
    const { signal = neverAborted } = options;
    try {
      throwIfAborted(signal);
      const parsed = parseNow(name, info.parameters, params);
      return call.runNow(() => func(parsed as never, contextOf(signal, agent)));
    } catch (error) {
      call.answer({ error });
      throw error;
    }
  }

  /**
   * Calls a tool for an agent and answers with what its promise is fulfilled with. Rejects with what {@link execute}
   * throws, with a {@link ToolTimeoutError} when the time is over, and with an {@link ExecutionAbortedError} as soon as
   * the signal aborts; the tool's own signal aborts then.
   */
  async executeAsync(
    name: string,
    agent: ToolCaller,
    params?: unknown,
    options: ToolCallOptions = {},
  ): Promise<unknown> {
    const { func, info, call } = this.#admit(name, agent);
    try {
      const timeoutMs = options.timeoutMs ?? info.timeoutMs ?? undefined;
      const value = await runWithin(name, { signal: options.signal, timeoutMs }, async (signal) => {
        const parsed = await parseLater(name, info.parameters, params);
        throwIfAborted(signal);
        return call.runLater(() => func(parsed as never, contextOf(signal, agent)));
      });
      call.answer(null);
      return value;
    } catch (error) {
      call.answer({ error });
      throw error;
    }
  }

  /**
   * What is known of the calls of the tool, or of all calls, also of tools that are gone. Throws an
   * {@link AgentUsageError} for a tool that is not registered.
   */
  stats(name?: string): ToolStats {
    if (name === undefined) return this.#all.stats;
    const tool = this.#tools.get(name);
    if (tool === undefined) throw new AgentUsageError(`No tool "${name}" is registered.`);
    return tool.statistics.stats;
  }

  /** The last 100 calls that were refused, oldest first. */
  refusals(): ToolRefusal[] {
    return [...this.#refusals];
  }

  /** Tells the listener of each call when it has ended or was refused; what it throws is dropped. Undo by calling the answer. */
  observe(listener: (call: ToolCall) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The tool and a record for this call of it; a refusal is recorded here. */
  #admit(name: string, agent: ToolCaller): Tool & { readonly call: Call } {
    const caller = callerOf(agent);
    const tool = this.#tools.get(name);
    const refusal = refusalOf(name, tool, caller);
    if (refusal !== null) throw this.#refuse(tool, name, caller.name, refusal);
    // What refusalOf lets through is registered.
    const admitted = tool as Tool;
    const call = new Call([admitted.statistics, this.#all], (durationMs, failure) => {
      if (!this.#listeners.any) return;
      this.#listeners.tell({
        tool: name,
        agent: caller.name,
        ok: failure === null,
        durationMs,
        ...(failure === null ? {} : { error: describeError(failure.error) }),
      });
    });
    return { ...admitted, call };
  }

  #refuse(tool: Tool | undefined, name: string, agent: string, { reason, why }: Refusal): ToolRefusedError {
    const known = reason === "unknown" ? this.#known() : "";
    const error = new ToolRefusedError(`Agent "${agent}" cannot call tool "${name}": ${why}${known}.`, {
      tool: name,
      agent,
      reason,
    });
    this.#all.refusals += 1;
    if (tool !== undefined) tool.statistics.refusals += 1;
    this.#refusals.push({ tool: name, agent, reason, time: Date.now() });
    if (this.#refusals.length > mostRefusals) this.#refusals.shift();
    this.#listeners.tell({
      tool: name,
      agent,
      ok: false,
      refused: reason,
      durationMs: 0,
      error: describeError(error),
    });
    return error;
  }

  /** What the agent may have meant. */
  #known(): string {
    const names = this.list().map(({ name }) => name);
    if (names.length === 0) return ", nor any other";
    const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
    return `; the registered tools are ${quoted(names.slice(0, mostNamed))}${more}`;
  }

  #open(agent: ToolCaller): ToolInfo[] {
    const caller = callerOf(agent);
    return this.list().filter(({ name }) => refusalOf(name, this.#tools.get(name), caller) === null);
  }
}

interface Refusal {
  readonly reason: RefusalReason;
  readonly why: string;
}

function contextOf(signal: AbortSignalLike, agent: ToolCaller): ToolContext {
  let native: NativeAbortSignal | null = null;
  return {
    get signal() {
      return (native ??= nativeSignal(signal));
    },
    agent: agent.metadata.name,
  };
}

function callerOf(agent: ToolCaller): ToolCaller["metadata"] {
  const { metadata } = agent as Partial<ToolCaller>;
  if (typeof metadata?.name === "string" && Array.isArray(metadata.capabilities)) return metadata;
  throw new AgentUsageError("Tools are called for an agent: give one, with its metadata.");
}

function refusalOf(name: string, tool: Tool | undefined, caller: ToolCaller["metadata"]): Refusal | null {
  if (tool === undefined) return { reason: "unknown", why: "no tool of that name is registered" };
  if (caller.tools !== undefined && !caller.tools.includes(name)) {
    return { reason: "undeclared", why: "the agent's metadata declares tools, but not this one" };
  }
  const missing = tool.info.requiredCapabilities.filter((each) => !caller.capabilities.includes(each));
  if (missing.length === 0) return null;
  return { reason: "capability", why: `it needs the capabilities ${quoted(missing)}, which the agent lacks` };
}
