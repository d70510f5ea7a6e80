import type { AbortSignalLike, NativeAbortSignal } from "../abort.ts";
import type { ErrorInfo } from "../errors.ts";
import type { StandardSchema } from "../standardSchema.ts";
import type { RefusalReason } from "./errors.ts";

/** Who calls a tool, as far as a registry looks at it; every agent is one. */
export interface ToolCaller {
  /** Read at each call, so that what changes in it counts. */
  readonly metadata: {
    /** The agent's name. */
    readonly name: string;
    /** What the agent can do. */
    readonly capabilities: readonly string[];
    /** The tools it declares: it may call no other. Without a list, capabilities alone decide. */
    readonly tools?: readonly string[] | undefined;
  };
}

/** What a tool is told besides its parameters. */
export interface ToolContext {
  /** Aborts when the caller wants the tool to end, or its time is over; can be handed on, for example to `fetch`. */
  readonly signal: NativeAbortSignal;
  /** The name of the agent that calls. */
  readonly agent: string;
}

/** What does the work of a tool: takes one value, and returns any, or a promise of it. */
export type ToolFunction<Params = unknown, Answer = unknown> = (
  params: Params,
  context: ToolContext,
) => Answer;

/** How a tool is registered. */
export interface ToolOptions<Params = unknown> {
  /** What it does, for people and prompts. Default "". */
  description?: string | undefined;
  /** Parameters that do not fit it fail the call before the tool's code runs; the tool gets the parsed ones. */
  parameters?: StandardSchema<Params> | undefined;
  /** Agents that lack one of them are refused. Default none. */
  requiredCapabilities?: readonly string[] | undefined;
  /** How long `executeAsync` waits for the answer, in milliseconds. Default: for ever. */
  timeoutMs?: number | undefined;
  /** Takes the place of the tool that has the name, whose counts are forgotten. Default false. */
  replace?: boolean | undefined;
}

/** Tools that agents share; a {@link ToolRegistry} is one, also one of another copy of this library. */
export interface SharedTools {
  /** As {@link ToolRegistry.getToolsForAgent}. */
  getToolsForAgent(agent: ToolCaller): string[];
  /** As {@link ToolRegistry.execute}. */
  execute(name: string, agent: ToolCaller, params?: unknown, options?: ToolCallOptions): unknown;
  /** As {@link ToolRegistry.executeAsync}. */
  executeAsync(
    name: string,
    agent: ToolCaller,
    params?: unknown,
    options?: ToolCallOptions,
  ): Promise<unknown>;
}

/** How one call is made. */
export interface ToolCallOptions {
  /** Ends the waiting for the answer when it aborts; the tool is given it. */
  signal?: AbortSignalLike | undefined;
  /** Overrides the tool's own, in milliseconds; looked at by `executeAsync` only. */
  timeoutMs?: number | undefined;
}

/** A registered tool. */
export interface ToolInfo {
  /** Unique in its registry. */
  readonly name: string;
  /** What it does; "" where nobody said. */
  readonly description: string;
  /** What an agent needs to call it. */
  readonly requiredCapabilities: readonly string[];
  /** The schema of its parameters, or null. */
  readonly parameters: StandardSchema | null;
  /** How long `executeAsync` waits, in milliseconds, or null for ever. */
  readonly timeoutMs: number | null;
}

/** A tool as plain data, as prompts need it. */
export interface ToolDescription {
  /** Unique in its registry. */
  name: string;
  /** What it does; "" where nobody said. */
  description: string;
  /** What an agent needs to call it. */
  requiredCapabilities: string[];
  /** JSON Schema (2020-12) of its parameters, where the library that made the schema can tell it. */
  parameters?: Record<string, unknown>;
}

/** What became of one call. */
export interface ToolCall {
  /** The tool's name, as the agent gave it. */
  readonly tool: string;
  /** The agent's name. */
  readonly agent: string;
  /** The tool returned, or its promise was fulfilled. */
  readonly ok: boolean;
  /** Why the call was refused; absent where it was not. */
  readonly refused?: RefusalReason;
  /** How long the tool's code ran, in milliseconds; 0 where it did not run. */
  readonly durationMs: number;
  /** What was thrown, as plain data; absent where nothing was. */
  readonly error?: ErrorInfo;
}

/** A call that was refused. */
export interface ToolRefusal {
  /** The tool's name, as the agent gave it. */
  readonly tool: string;
  /** The agent's name. */
  readonly agent: string;
  /** Why. */
  readonly reason: RefusalReason;
  /** When, in milliseconds since the epoch. */
  readonly time: number;
}

/** What is known of the calls of a tool, or of all. */
export interface ToolStats {
  /** Calls that were let through and have ended. */
  calls: number;
  /** Those of them that threw, rejected, were aborted, timed out, or had wrong parameters. */
  failures: number;
  /** Calls that were refused; not among `calls`. */
  refusals: number;
  /** How many calls of the tool's code are under way now, also those that nobody waits for any more. */
  running: number;
  /** The average time that the tool's code took, in milliseconds; 0 where it never ran. As are the following. */
  meanMs: number;
  /** Half of the calls took no longer; within 1 %. */
  p50Ms: number;
  /** 95 % of the calls took no longer; within 1 %. */
  p95Ms: number;
  /** 99 % of the calls took no longer; within 1 %. */
  p99Ms: number;
  /** The longest call. */
  maxMs: number;
}
