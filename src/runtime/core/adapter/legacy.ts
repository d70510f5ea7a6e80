import { isPromiseLike } from "../collect.ts";
import { AgentUsageError } from "../errors.ts";
import { isFailedWhenMapping } from "./mapped.ts";
import { type ClassMapping, mappingFor } from "./mapping.ts";
import type { AdapterOptions } from "./options.ts";
import { checkedLater, makeLegacy } from "./source.ts";

/** How a legacy agent is called: what the options say, then what the mapping says of its class. */
export type Settings = Pick<AdapterOptions, "parameters"> & ClassMapping;

/** A legacy agent that is there, or that an asynchronous factory is still making. */
export class Legacy {
  readonly #make: () => object;
  readonly #options: AdapterOptions;
  #object: object | null = null;
  #settings: Settings = {};
  #pending: PromiseLike<unknown> | null = null;

  /** Makes the agent, or starts making it; throws an {@link AgentUsageError} where there is none to be made. */
  constructor(source: unknown, options: AdapterOptions) {
    this.#options = options;
    this.#make = () => makeLegacy(source, options.args);
    this.#start();
  }

  /** The agent, or null where it is not made yet. */
  get made(): object | null {
    return this.#object;
  }

  /** The agent; throws an {@link AgentUsageError} where it is not made yet. */
  get object(): object {
    if (this.#object !== null) return this.#object;
    throw new AgentUsageError(
      "The legacy agent is not made yet: its factory is asynchronous, so await initializeAsync() or executeAsync() first.",
    );
  }

  /** How the agent is called; empty where it is not made yet. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Resolves when the agent is made. A factory that failed is called again. */
  async arrive(): Promise<void> {
    if (this.#pending === null) this.#start();
    const pending = this.#pending;
    if (pending === null) return;
    try {
      this.#take(checkedLater(await pending));
    } finally {
      this.#pending = null;
    }
  }

  #start(): void {
    const made = this.#make();
    if (!isPromiseLike(made)) {
      this.#take(made);
      return;
    }
    this.#pending = made;
    // Told to whoever waits for it; until somebody does, it must not end the process.
    made.then(undefined, () => undefined);
  }

  #take(object: object): void {
    const { parameters, arguments: sources, method, init, close, snapshot, failedWhen } = this.#options;
    const failure = isFailedWhenMapping(failedWhen) ? failedWhen : undefined;
    const given = Object.entries({
      ...{ parameters, arguments: sources, method, init, close, snapshot },
      failedWhen: failure,
    });
    const mapped = mappingFor(object, this.#options.mapping);
    this.#settings = {
      ...mapped,
      // Parameters that are named in code are no less explicit than arguments.
      ...(parameters === undefined ? {} : { arguments: null }),
      ...(Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Settings),
    };
    this.#object = object;
  }
}
