import { AgentUsageError } from "../core/errors.ts";
import { Namespace, type Place } from "./namespace.ts";

/** Where namespaces are kept. */
export interface Storage {
  /** A namespace as it is now; an empty one where there is none. Not to be changed. */
  read(place: Place): Namespace;
  /** Changes a namespace while nobody else does. What `change` throws leaves it as it was. */
  change<T>(place: Place, change: (namespace: Namespace) => T): T;
  /** The namespaces that hold something, of one agent or of all, sorted. */
  list(owner?: string): Namespace[];
}

/** Lets one change happen at a time, and none within another one. */
export class OneAtATime {
  #busy = false;

  run<T>(action: () => T): T {
    if (this.#busy) {
      throw new AgentUsageError(
        "Memory is being changed: do not write from within update() or a value's getter.",
      );
    }
    this.#busy = true;
    try {
      return action();
    } finally {
      this.#busy = false;
    }
  }
}

/** By agent, then by namespace. */
export function byPlace({ place: a }: Namespace, { place: b }: Namespace): number {
  const order = (first: string, second: string) => (first < second ? -1 : first > second ? 1 : 0);
  return order(a.owner, b.owner) || order(a.namespace, b.namespace);
}

/** Keeps namespaces as long as the process lives. */
export class HeapStorage implements Storage {
  readonly #namespaces = new Map<string, Namespace>();
  readonly #oneAtATime = new OneAtATime();

  read(place: Place): Namespace {
    return this.#namespaces.get(keyOf(place)) ?? new Namespace(place);
  }

  change<T>(place: Place, change: (namespace: Namespace) => T): T {
    return this.#oneAtATime.run(() => {
      const namespace = this.read(place);
      const answer = change(namespace);
      if (namespace.isEmpty) this.#namespaces.delete(keyOf(place));
      else this.#namespaces.set(keyOf(place), namespace);
      return answer;
    });
  }

  list(owner?: string): Namespace[] {
    return [...this.#namespaces.values()]
      .filter(({ place }) => owner === undefined || place.owner === owner)
      .sort(byPlace);
  }
}

const keyOf = ({ owner, namespace }: Place): string => JSON.stringify([owner, namespace]);
