import { isAgent } from "../core/agent.ts";
import type { AgentLike } from "../core/agentLike.ts";
import { AgentUsageError } from "../core/errors.ts";
import { Listeners } from "../core/tools/listeners.ts";
import type { AgentQuery, AgentRegistryEvents } from "./types.ts";

type EventListeners = { [Event in keyof AgentRegistryEvents]: Listeners<AgentRegistryEvents[Event]> };

const fields = ["name", "agentType", "capability", "state"];

/** Agents by name: registered once each, found by what they are. Registering starts nothing and stops nothing. */
export class AgentRegistry implements Iterable<AgentLike> {
  readonly #entries = new Map<string, { readonly agent: AgentLike; readonly stopObserving: () => void }>();
  readonly #listeners: EventListeners = {
    registered: new Listeners(),
    unregistered: new Listeners(),
    state: new Listeners(),
  };

  /** How many agents are registered. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Adds an agent, also one of another copy of this library. Throws an {@link AgentUsageError} for what is no agent, and
   * where the name is taken, unless `replace` is set: then the agent that had the name is unregistered.
   */
  register(agent: AgentLike, options: { replace?: boolean | undefined } = {}): void {
    if (!isAgent(agent)) {
      throw new AgentUsageError("Only agents are registered: wrap other objects in a UniversalAgentAdapter.");
    }
    const { name } = agent.metadata;
    let replaced: AgentLike | undefined;
    if (this.#entries.has(name)) {
      if (options.replace !== true) {
        throw new AgentUsageError(
          `An agent "${name}" is registered already: unregister it first, or set replace: true.`,
        );
      }
      replaced = this.#take(name);
    }
    const stopObserving = observeStates(agent, (state, previous) => {
      if (state !== previous) this.#listeners.state.tell(agent, state, previous);
    });
    this.#entries.set(name, { agent, stopObserving });
    // A listener that registers another one in its place finds the name taken.
    if (replaced !== undefined) this.#listeners.unregistered.tell(replaced);
    this.#listeners.registered.tell(agent);
  }

  /** Takes an agent away, by name or itself; answers whether it was registered. The agent is not shut down. */
  unregister(nameOrAgent: string | AgentLike): boolean {
    const name = this.#nameOf(nameOrAgent);
    const agent = name === undefined ? undefined : this.#take(name);
    if (agent === undefined) return false;
    this.#listeners.unregistered.tell(agent);
    return true;
  }

  /** Whether this agent, or one of this name, is registered. */
  has(nameOrAgent: string | AgentLike): boolean {
    const name = this.#nameOf(nameOrAgent);
    return name !== undefined && this.#entries.has(name);
  }

  /** The agent of this name. */
  get(name: string): AgentLike | undefined {
    return this.#entries.get(name)?.agent;
  }

  /**
   * The agents that fit each field of the query, in the order in which they were registered. Throws an
   * {@link AgentUsageError} for a field that there is not.
   */
  find(query: AgentQuery): AgentLike[] {
    const unknown = Object.keys(query).find((field) => !fields.includes(field));
    if (unknown !== undefined) {
      throw new AgentUsageError(`Agents are not found by "${unknown}", but by ${fields.join(", ")}.`);
    }
    return this.list().filter(
      ({ metadata, state }) =>
        fits(query.name, [metadata.name]) &&
        fits(query.agentType, [metadata.agentType]) &&
        fits(query.capability, metadata.capabilities) &&
        fits(query.state, [state]),
    );
  }

  /** All agents, in the order in which they were registered. */
  list(): AgentLike[] {
    return [...this.#entries.values()].map(({ agent }) => agent);
  }

  /** Goes through the agents that are registered now. */
  [Symbol.iterator](): IterableIterator<AgentLike> {
    return this.list()[Symbol.iterator]();
  }

  /**
   * Calls the listener at each such event until the answer is called. What a listener throws is dropped. Throws an
   * {@link AgentUsageError} for an event that there is not.
   */
  on<Event extends keyof AgentRegistryEvents>(
    event: Event,
    listener: (...told: AgentRegistryEvents[Event]) => void,
  ): () => void {
    if (!Object.hasOwn(this.#listeners, event)) {
      const events = Object.keys(this.#listeners).join(", ");
      throw new AgentUsageError(`A registry has no event "${event}"; it has ${events}.`);
    }
    return this.#listeners[event].add(listener);
  }

  #take(name: string): AgentLike | undefined {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    entry?.stopObserving();
    return entry?.agent;
  }

  #nameOf(nameOrAgent: string | AgentLike): string | undefined {
    if (typeof nameOrAgent === "string") return nameOrAgent;
    for (const [name, { agent }] of this.#entries) if (agent === nameOrAgent) return name;
    return undefined;
  }
}

/** An agent of another, older copy of this library may not tell its states. */
function observeStates(
  agent: AgentLike,
  told: (...states: [AgentLike["state"], AgentLike["state"]]) => void,
) {
  const { observe } = agent as Partial<AgentLike>;
  if (typeof observe !== "function") return () => undefined;
  return agent.observe({ onState: told });
}

function fits<T>(wanted: T | readonly T[] | undefined, found: readonly T[]): boolean {
  if (wanted === undefined) return true;
  return (Array.isArray(wanted) ? (wanted as readonly T[]) : [wanted as T]).some((each) =>
    found.includes(each),
  );
}

let registry: AgentRegistry | null = null;

/** The registry that a program's parts share when they agree on no other; made on the first call. */
export function defaultRegistry(): AgentRegistry {
  registry ??= new AgentRegistry();
  return registry;
}
