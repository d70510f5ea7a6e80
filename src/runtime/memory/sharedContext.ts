import { type AbortSignalLike, throwIfAborted } from "../core/abort.ts";
import { isPromiseLike } from "../core/collect.ts";
import { AgentUsageError } from "../core/errors.ts";
import { Listeners } from "../core/tools/listeners.ts";
import { type AgentOrName, nameOfAgent } from "./agentName.ts";
import type {
  AgentContext,
  ContextGetOptions,
  ContextGrant,
  ContextGrantFilter,
  ContextGrantRequest,
  ContextKey,
  ContextLoader,
  DescribeOptions,
  LoadedKey,
  ProvideOptions,
  SharedContextEvents,
  SharedContextOptions,
} from "./contextTypes.ts";
import { ContextValues } from "./contextValues.ts";
import { ContextView } from "./contextView.ts";
import { fitsFilter, makeGrant, withGrant } from "./grants.ts";
import { KeptValue } from "./keptValue.ts";
import { Load } from "./load.ts";
import { checkName, checkSettings } from "./names.ts";

interface Provided {
  loader: ContextLoader | null;
  description: string;
}

type EventListeners = { [Event in keyof SharedContextEvents]: Listeners<SharedContextEvents[Event]> };

/**
 * Context that agents share, by key: each value is loaded when it is first used, once for all, and what is used least
 * makes room. Give an agent its view ({@link for}), which shows what it was granted. Values are plain data; whoever gets
 * one has a copy. Kept in the process only, and as it is: secrets stay in it.
 */
export class SharedContext {
  readonly #provided = new Map<string, Provided>();
  readonly #values: ContextValues;
  readonly #loads = new Map<string, Load>();
  /** The loads whose loaders are on the stack. */
  readonly #running: Load[] = [];
  #grants: readonly ContextGrant[] = [];
  readonly #listeners: EventListeners = {
    loaded: new Listeners(),
    set: new Listeners(),
    invalidated: new Listeners(),
    dropped: new Listeners(),
  };

  /** Loads nothing. Throws an {@link AgentUsageError} for a `maxBytes` that cannot be. */
  constructor(options: SharedContextOptions = {}) {
    const { maxBytes = 64 * 2 ** 20 } = options;
    if (!(maxBytes > 0)) {
      throw new AgentUsageError(`maxBytes is a number of bytes over 0, and not ${String(maxBytes)}.`);
    }
    this.#values = new ContextValues(maxBytes);
  }

  /** The bytes of all values that are there now. */
  get bytes(): number {
    return this.#values.bytes;
  }

  /**
   * Says how a value is made when it is first used. Throws an {@link AgentUsageError} where the key has a loader or value
   * already, unless `replace` is set.
   */
  provide(key: string, loader: ContextLoader, options: ProvideOptions = {}): void {
    checkName("A key", key);
    if (typeof loader !== "function") {
      throw new AgentUsageError(`The loader of "${key}" is not a function: set() values that are there.`);
    }
    if (this.#provided.has(key) && options.replace !== true) {
      throw new AgentUsageError(`"${key}" is provided already: remove it first, or set replace: true.`);
    }
    this.#invalidate(key);
    this.#provided.set(key, { loader, description: options.description ?? "" });
  }

  /**
   * Shares a copy of a value, instead of what a loader would make until {@link invalidate}. Loaded values that were made
   * of the key are invalidated. Throws an {@link AgentUsageError} for a value that is no plain data, and where there is no
   * room: values that were set are never dropped.
   */
  set(key: string, value: unknown, options: DescribeOptions = {}): void {
    checkName("A key", key);
    const kept = new KeptValue(key, value);
    const dropped = this.#values.add(key, kept);
    this.#invalidateUsers(key);
    const { loader = null, description = "" } = this.#provided.get(key) ?? {};
    this.#provided.set(key, { loader, description: options.description ?? description });
    this.#listeners.set.tell({ key, bytes: kept.bytes });
    this.#tellDropped(dropped);
  }

  /** Whether there is such a key, loaded or not. */
  has(key: string): boolean {
    return this.#provided.has(key);
  }

  /**
   * A copy of a value, loaded now where it is not there. Throws what the loader throws; then the next use tries again.
   * Throws an {@link AgentUsageError} for a key that nobody provided, for a loader that returns a promise (use
   * {@link getAsync}), for a value that is no plain data, and where loaders need each other in a circle.
   */
  get(key: string): unknown {
    return this.#get(key, this.#running.at(-1)).copy();
  }

  /**
   * {@link get} for loaders that may return a promise. Whoever asks meanwhile waits for the same load. Rejects with what
   * get() throws, and with an {@link ExecutionAbortedError} where the signal aborts.
   */
  async getAsync(key: string, options: ContextGetOptions = {}): Promise<unknown> {
    const value = await this.#getAsync(key, this.#running.at(-1), [options.signal]);
    return value.copy();
  }

  /** All keys in the order in which they were provided; nothing is loaded. */
  keys(): ContextKey[] {
    return Array.from(this.#provided, ([key, { description }]) => {
      const bytes = this.#values.peek(key)?.bytes ?? null;
      return { key, description, loaded: bytes !== null, bytes };
    });
  }

  /** The keys that have a value now, least recently used first. */
  loaded(): LoadedKey[] {
    return this.#values.list();
  }

  /** Copies of the values that are there now, of all keys or those wanted; nothing is loaded, and none counts as used. */
  snapshot(wanted: (key: string) => boolean = () => true): Record<string, unknown> {
    return this.#values.copies(wanted);
  }

  /**
   * Forgets a value, and loaded ones that were made of it, so that the next use loads them again; what is under way
   * reaches those who wait, and is not kept. A key that was set and has no loader is gone. Answers whether there was a
   * value.
   */
  invalidate(key: string): boolean {
    const found = this.#invalidate(key);
    if (this.#provided.get(key)?.loader === null) this.#provided.delete(key);
    return found;
  }

  /** Forgets a key, its value and its loader; answers whether there was one. */
  remove(key: string): boolean {
    this.#invalidate(key);
    return this.#provided.delete(key);
  }

  /** An agent's view: what it is granted, at each call. */
  for(agent: AgentOrName): AgentContext {
    return new ContextView(this, nameOfAgent(agent));
  }

  /**
   * Lets an agent use a key, keys with a prefix, or all; also those that are provided later. Replaces a grant to the same
   * agent for the same keys. Throws an {@link AgentUsageError} for a grant that cannot be.
   */
  grant(request: ContextGrantRequest): ContextGrant {
    const grant = makeGrant(request);
    this.#grants = withGrant(this.#grants, grant);
    return { ...grant };
  }

  /** Takes back the grants that fit the filter, all without one; in force at once. Answers with those taken back. */
  revoke(filter: ContextGrantFilter = {}): ContextGrant[] {
    checkSettings("A filter of grants", filter);
    const revoked = this.#grants.filter((grant) => fitsFilter(grant, filter));
    this.#grants = this.#grants.filter((grant) => !revoked.includes(grant));
    return revoked;
  }

  /** All grants. */
  grants(): ContextGrant[] {
    return this.#grants.map((grant) => ({ ...grant }));
  }

  /**
   * Calls the listener at each such event until the answer is called. What a listener throws is dropped. Throws an
   * {@link AgentUsageError} for an event that there is not.
   */
  on<Event extends keyof SharedContextEvents>(
    event: Event,
    listener: (...told: SharedContextEvents[Event]) => void,
  ): () => void {
    if (!Object.hasOwn(this.#listeners, event)) {
      const events = Object.keys(this.#listeners).join(", ");
      throw new AgentUsageError(`A shared context has no event "${event}"; it has ${events}.`);
    }
    return this.#listeners[event].add(listener);
  }

  #get(key: string, asking: Load | undefined): KeptValue {
    const there = this.#values.use(key);
    if (there !== undefined) return used(asking, key, there);
    const loader = this.#loaderOf(key);
    if (this.#current(key, asking) !== undefined) {
      throw new AgentUsageError(`"${key}" is being loaded: use getAsync() to wait for it.`);
    }
    const load = this.#begin(key);
    const stopWaiting = asking?.waitFor(load);
    try {
      const value = this.#call(load, loader);
      if (isPromiseLike(value)) {
        value.then(undefined, () => undefined);
        throw new AgentUsageError(
          `The loader of "${key}" returns a promise: use getAsync() instead of get().`,
        );
      }
      return received(asking, load, this.#finish(load, value));
    } catch (error) {
      this.#fail(load, error);
      throw error;
    } finally {
      stopWaiting?.();
    }
  }

  async #getAsync(
    key: string,
    asking: Load | undefined,
    signals: readonly (AbortSignalLike | undefined)[],
  ): Promise<KeptValue> {
    const given = signals.filter((signal) => signal !== undefined);
    given.forEach(throwIfAborted);
    const there = this.#values.use(key);
    if (there !== undefined) return used(asking, key, there);
    const loader = this.#loaderOf(key);
    const current = this.#current(key, asking);
    const load = current ?? this.#begin(key);
    const stopWaiting = asking?.waitFor(load);
    // Only now: its loader may ask for what is waiting for it.
    if (current === undefined) this.#start(load, loader);
    try {
      return received(asking, load, await load.outcome(given));
    } finally {
      stopWaiting?.();
    }
  }

  #loaderOf(key: string): ContextLoader {
    const loader = this.#provided.get(key)?.loader;
    if (loader === undefined || loader === null) {
      throw new AgentUsageError(`There is no "${key}" in the shared context: provide() or set() it first.`);
    }
    return loader;
  }

  /** The load of a key that can be waited for. */
  #current(key: string, asking: Load | undefined): Load | undefined {
    const load = this.#loads.get(key);
    load?.refuseCircle(asking);
    return load?.isStale === true ? undefined : load;
  }

  #begin(key: string): Load {
    const load = new Load(key);
    this.#loads.set(key, load);
    return load;
  }

  #start(load: Load, loader: ContextLoader): void {
    const run = async () => this.#finish(load, await this.#call(load, loader));
    run().catch((error: unknown) => this.#fail(load, error));
  }

  #call(load: Load, loader: ContextLoader): unknown {
    // What is kept of the argument after the load is no part of it.
    const asking = () => (load.isOver ? this.#running.at(-1) : load);
    this.#running.push(load);
    try {
      return loader({
        signal: load.signal,
        get: (key) => this.#get(key, asking()).copy(),
        getAsync: async (key, options = {}) => {
          const signals = [options.signal, load.isOver ? undefined : load.signal];
          return (await this.#getAsync(key, asking(), signals)).copy();
        },
      });
    } finally {
      this.#running.pop();
    }
  }

  #finish(load: Load, value: unknown): KeptValue {
    const { key, needs } = load;
    const kept = new KeptValue(key, value, new Set(needs));
    this.#end(load);
    load.succeed(kept);
    if (load.isStale) return kept;
    const dropped = this.#values.add(key, kept);
    this.#listeners.loaded.tell({ key, bytes: kept.bytes });
    this.#tellDropped(dropped);
    return kept;
  }

  #fail(load: Load, error: unknown): void {
    this.#end(load);
    load.fail(error);
  }

  #end(load: Load): void {
    if (this.#loads.get(load.key) === load) this.#loads.delete(load.key);
  }

  #invalidate(key: string): boolean {
    const found = this.#values.remove(key);
    if (found) this.#listeners.invalidated.tell(key);
    this.#invalidateUsers(key);
    return found;
  }

  /** What was made of a key, and what is being loaded with it. */
  #invalidateUsers(key: string): void {
    for (const load of this.#loads.values()) if (load.key === key || load.needs.has(key)) load.isStale = true;
    for (const user of this.#values.madeOf(key)) {
      if (this.#values.remove(user)) this.#listeners.invalidated.tell(user);
    }
  }

  #tellDropped(dropped: readonly LoadedKey[]): void {
    for (const value of dropped) this.#listeners.dropped.tell(value);
  }
}

function used(asking: Load | undefined, key: string, value: KeptValue): KeptValue {
  asking?.use(key, value.needs);
  return value;
}

/** Whoever uses what is out of date is out of date. */
function received(asking: Load | undefined, load: Load, value: KeptValue): KeptValue {
  if (asking !== undefined && load.isStale) asking.isStale = true;
  return used(asking, load.key, value);
}
