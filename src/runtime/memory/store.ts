import { Encoder } from "../checkpoint/encode.ts";
import { AgentUsageError } from "../core/errors.ts";
import { emitWarning } from "../storeError.ts";
import { type AgentOrName, nameOfAgent } from "./agentName.ts";
import { FileStorage } from "./fileStorage.ts";
import { grantsIn, OwnView } from "./ownView.ts";
import { HeapStorage } from "./storage.ts";
import type { AgentMemory, MemoryGrant, MemoryStoreOptions } from "./types.ts";
import type { Parts } from "./view.ts";

/** What is written with another time could not be read again. */
function checkedTime(time: unknown): number {
  if (typeof time === "number" && Number.isFinite(time)) return time;
  throw new AgentUsageError(
    `The option "now" of a MemoryStore gives milliseconds since the epoch, and not ${typeof time}.`,
  );
}

/**
 * What agents remember: values by key, in namespaces, in the process or on disk. Each agent has its own memory, which no
 * other one sees without a grant: give an agent its view ({@link of}), not the store. Several processes may use one
 * folder; none loses what another one wrote. Each write rewrites the file of its namespace: divide what is large into
 * namespaces.
 */
export class MemoryStore {
  readonly #parts: Parts;

  /** Reads and makes nothing yet. Throws an {@link AgentUsageError} for a `maxEntries` or `now` that cannot be. */
  constructor(options: MemoryStoreOptions = {}) {
    const { folder, maxEntries = 10_000, now = Date.now, onWarning = emitWarning } = options;
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw new AgentUsageError(`maxEntries is a whole number of at least 1, and not ${String(maxEntries)}.`);
    }
    if (typeof now !== "function")
      throw new AgentUsageError('The option "now" of a MemoryStore is a function.');
    checkedTime(now());
    const storage = folder === undefined ? new HeapStorage() : new FileStorage(folder, onWarning);
    this.#parts = { storage, encoder: new Encoder(), maxEntries, now: () => checkedTime(now()) };
  }

  /** An agent's view of its own memory. Throws an {@link AgentUsageError} where there is no name. */
  of(agent: AgentOrName): AgentMemory {
    return new OwnView(this.#parts, nameOfAgent(agent));
  }

  /** The names of the agents that have memory or gave grants, sorted. */
  agents(): string[] {
    return [...new Set(this.#parts.storage.list().map(({ place }) => place.owner))];
  }

  /** All grants, by agent and namespace. */
  grants(): MemoryGrant[] {
    return grantsIn(this.#parts.storage.list());
  }

  /** Removes all values that have expired, which nobody sees any more; answers with how many. */
  purge(): number {
    const { storage, now } = this.#parts;
    return storage
      .list()
      .filter((namespace) => [...namespace.all].length > namespace.live(now()).length)
      .reduce((sum, { place }) => sum + storage.change(place, (namespace) => namespace.purge(now())), 0);
  }
}
