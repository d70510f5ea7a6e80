import type { AbortSignalLike } from "../core/abort.ts";
import type { MemoryAccess } from "./accessError.ts";
import type { AgentOrName } from "./agentName.ts";

/** Settings of a {@link SharedContext}. */
export interface SharedContextOptions {
  /**
   * How many bytes all values may have together, a number over 0 or Infinity; default 64 MiB. Over it, loaded values are
   * dropped, least recently used first, and loaded again when they are used.
   */
  maxBytes?: number | undefined;
}

/** Settings of one wait for a value. */
export interface ContextGetOptions {
  /** Ends this wait. Where nobody else waits for the value, its loader is told to end, too. */
  signal?: AbortSignalLike | undefined;
}

/** What a loader may use. */
export interface LoaderContext {
  /** Aborts when nobody waits for the value any more. */
  readonly signal: AbortSignalLike;
  /** Another value, as {@link SharedContext.get} gives it. When it is invalidated, so is what this loader makes. */
  get(key: string): unknown;
  /** Another value, as {@link SharedContext.getAsync} gives it. */
  getAsync(key: string, options?: ContextGetOptions): Promise<unknown>;
}

/**
 * Makes a value of plain data, or a promise of one, when it is first used. It gets other keys through its argument: a
 * circle is told then.
 */
export type ContextLoader = (context: LoaderContext) => unknown;

/** What a key is for. */
export interface DescribeOptions {
  /** For {@link SharedContext.keys}: what the value is, for those who choose what to load. */
  description?: string | undefined;
}

/** How a loader is provided. */
export interface ProvideOptions extends DescribeOptions {
  /** Whether the key may have a loader or value already, which is gone then; default false. */
  replace?: boolean | undefined;
}

/** A key, and whether it has a value now. */
export interface ContextKey {
  /** Names the value. */
  readonly key: string;
  /** What the value is; "" where nobody said it. */
  readonly description: string;
  /** Whether it has a value now: nothing is loaded at its next use. */
  readonly loaded: boolean;
  /** The size of the value in bytes; null where there is none now. */
  readonly bytes: number | null;
}

/** A value that is there now. */
export interface LoadedKey {
  /** Names the value. */
  readonly key: string;
  /** Its size in bytes. */
  readonly bytes: number;
}

/** What listeners of a {@link SharedContext} are told, by event. */
export interface SharedContextEvents {
  /** A loader made this value. */
  loaded: [value: LoadedKey];
  /** A value was set. */
  set: [value: LoadedKey];
  /** A value is gone, because it, or what it was made of, was invalidated or set anew. */
  invalidated: [key: string];
  /** A loaded value was dropped for want of room. */
  dropped: [value: LoadedKey];
}

/** What one agent can do with the shared context, as far as grants allow at each call. */
export interface AgentContext {
  /** The agent's name. */
  readonly agent: string;
  /** {@link SharedContext.get}, for granted keys; for others it throws a {@link MemoryAccessError}. */
  get(key: string): unknown;
  /** {@link SharedContext.getAsync}, for keys that are granted before and after the load. */
  getAsync(key: string, options?: ContextGetOptions): Promise<unknown>;
  /** Whether there is such a key, loaded or not; throws a {@link MemoryAccessError} where it is not granted. */
  has(key: string): boolean;
  /** {@link SharedContext.set}, for keys that are granted for writing. */
  set(key: string, value: unknown, options?: DescribeOptions): void;
  /** {@link SharedContext.invalidate}, for keys that are granted for writing. */
  invalidate(key: string): boolean;
  /** The granted keys; nothing is loaded. */
  keys(): ContextKey[];
  /** The granted keys that have a value now, least recently used first. */
  loaded(): LoadedKey[];
  /** Copies of the values of {@link loaded}, by key. */
  snapshot(): Record<string, unknown>;
  /** The grants of this agent. */
  grants(): ContextGrant[];
}

/** What an agent is granted: one `key`, the keys with a `keyPrefix`, or all. */
export interface ContextGrant {
  /** The name of the agent that may use the keys. */
  readonly to: string;
  /** The only key; null where it is for more. */
  readonly key: string | null;
  /** What the keys begin with; null where it is for one key or for all. */
  readonly keyPrefix: string | null;
  /** What is allowed; "write" includes reading. */
  readonly access: MemoryAccess;
}

/** What an agent is to be granted: one `key`, the keys with a `keyPrefix`, or all. */
export interface ContextGrantRequest {
  /** The agent that may use the keys, or its name. */
  to: AgentOrName;
  /** The only key. */
  key?: string | null | undefined;
  /** What the keys begin with. */
  keyPrefix?: string | null | undefined;
  /** What is allowed, "write" includes reading; default "read". */
  access?: MemoryAccess | undefined;
}

/** Which grants: those that fit each field that is given. A {@link ContextGrant} is a filter for itself. */
export interface ContextGrantFilter {
  /** The agent that has the grant, or its name. */
  to?: AgentOrName | undefined;
  /** The only key of the grant; null for grants without one. */
  key?: string | null | undefined;
  /** The prefix of the grant; null for grants without one. */
  keyPrefix?: string | null | undefined;
}
