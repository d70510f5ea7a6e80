import type { AbortSignalLike } from "./abort.ts";
import { describeError, fieldOf } from "./errors.ts";
import type { AgentEvent } from "./events.ts";
import type { AgentMetadata } from "./metadata.ts";
import { ToolRegistry } from "./tools/registry.ts";
import type { SharedTools, ToolCaller, ToolFunction, ToolOptions } from "./tools/types.ts";

/** How an agent's tools are called. */
export interface ToolUse {
  /** The tools that agents share. */
  shared: SharedTools | undefined;
  /** Tools that are called in place of others, by the names of those. */
  switched?: Readonly<Record<string, string>> | undefined;
  signal: AbortSignalLike;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Told of each call when it has ended. */
  emit: (event: AgentEvent) => void;
}

/** The tools of one agent: its own, then those it shares with others. */
export class Toolbox {
  readonly #agent: AgentMetadata;
  #own: ToolRegistry | null = null;

  constructor(agent: AgentMetadata) {
    this.#agent = agent;
  }

  /** Those that the agent registered itself. */
  get own(): ToolRegistry | null {
    return this.#own;
  }

  register<Params, Answer>(
    name: string,
    func: ToolFunction<Params, Answer>,
    options: ToolOptions<Params> | undefined,
  ): void {
    this.#own ??= new ToolRegistry();
    this.#own.register(name, func, options);
  }

  /** The names of the tools the agent may call, sorted. */
  names(shared: SharedTools | undefined): string[] {
    const own = this.#own?.getToolsForAgent(this.#owner()) ?? [];
    return [...new Set([...own, ...(shared?.getToolsForAgent({ metadata: this.#agent }) ?? [])])].sort();
  }

  /** Calls a tool, and answers with what it returned, untouched. */
  call(wanted: string, params: unknown, use: ToolUse): unknown {
    const name = inPlaceOf(wanted, use);
    const tell = this.#timed(name, use);
    try {
      const { registry, caller } = this.#holder(name, use.shared);
      const value = registry.execute(name, caller, params, { signal: use.signal });
      if (value instanceof Promise) {
        value.then(
          () => tell(null),
          (error: unknown) => tell({ error }),
        );
      } else {
        tell(null);
      }
      return value;
    } catch (error) {
      tell({ error });
      throw error;
    }
  }

  /** Calls a tool and awaits it; the signal and the tool's time limit end the waiting. */
  async callAsync(wanted: string, params: unknown, use: ToolUse): Promise<unknown> {
    const name = inPlaceOf(wanted, use);
    const tell = this.#timed(name, use);
    try {
      const { registry, caller } = this.#holder(name, use.shared);
      const value = await registry.executeAsync(name, caller, params, { signal: use.signal });
      tell(null);
      return value;
    } catch (error) {
      tell({ error });
      throw error;
    }
  }

  /** An agent need not declare what it registers itself. */
  #owner() {
    const { name, capabilities } = this.#agent;
    return { metadata: { name, capabilities } };
  }

  #holder(name: string, shared: SharedTools | undefined): { registry: SharedTools; caller: ToolCaller } {
    if (shared === undefined || this.#own?.has(name) === true) {
      // An empty registry refuses.
      this.#own ??= new ToolRegistry();
      return { registry: this.#own, caller: this.#owner() };
    }
    return { registry: shared, caller: { metadata: this.#agent } };
  }

  #timed(name: string, { now, emit }: ToolUse): (failure: { error: unknown } | null) => void {
    const started = now();
    return (failure) => {
      const durationMs = Math.max(0, now() - started);
      if (failure === null) {
        emit({ type: "tool", name, ok: true, durationMs });
        return;
      }
      const { message } = describeError(failure.error);
      const refused = this.#isRefusal(failure.error, name) ? { refused: true as const } : {};
      emit({ type: "tool", name, ok: false, durationMs, ...refused, error: message });
    };
  }

  /** By its fields: a shared registry may be one of another copy of this library. */
  #isRefusal(error: unknown, tool: string): boolean {
    if (typeof error !== "object" || error === null) return false;
    const expected = { name: "PermissionError", tool, agent: this.#agent.name };
    return Object.entries(expected).every(([key, value]) => fieldOf(error, key) === value);
  }
}

const inPlaceOf = (name: string, { switched }: ToolUse): string =>
  (switched !== undefined && Object.hasOwn(switched, name) ? switched[name] : undefined) ?? name;
