import { AgentUsageError } from "../core/errors.ts";
import { type AgentOrName, nameOfAgent } from "./agentName.ts";
import { fitsFilter, type Grant, makeGrant, withGrant } from "./grants.ts";
import { checkSettings } from "./names.ts";
import type { Namespace } from "./namespace.ts";
import { isLive } from "./entry.ts";
import type {
  AgentMemory,
  GrantFilter,
  GrantRequest,
  MemoryGrant,
  NamespaceOptions,
  SharedMemory,
} from "./types.ts";
import { type Parts, View } from "./view.ts";

/** An agent's view of its own memory. */
export class OwnView extends View implements AgentMemory {
  constructor(parts: Parts, agent: string) {
    super(parts, agent, agent);
  }

  grant(request: GrantRequest): MemoryGrant {
    const grant = makeGrant(request);
    if (grant.to === this.owner) {
      throw new AgentUsageError(`Agent "${this.owner}" needs no grant for its own memory.`);
    }
    return this.parts.storage.change(this.place(request), (namespace) => {
      namespace.setGrants(withGrant(namespace.grants, grant));
      return asGiven(namespace, grant);
    });
  }

  revoke(filter: GrantFilter = {}): MemoryGrant[] {
    checkSettings("A filter of grants", filter);
    const { namespace: name, ...scope } = filter;
    const places =
      name === undefined
        ? this.parts.storage.list(this.owner).map(({ place }) => place)
        : [this.place({ namespace: name })];
    return places.flatMap((place) =>
      this.parts.storage.change(place, (namespace) => {
        const revoked = namespace.grants.filter((grant) => fitsFilter(grant, scope));
        if (revoked.length > 0) {
          namespace.setGrants(namespace.grants.filter((grant) => !revoked.includes(grant)));
        }
        return revoked.map((grant) => asGiven(namespace, grant));
      }),
    );
  }

  keep(options: NamespaceOptions = {}): () => number {
    const place = this.place(options);
    const { storage, now, maxEntries } = this.parts;
    const kept = storage.read(place).live(now());
    return () =>
      storage.change(place, (namespace) => {
        const time = now();
        const gone = kept.filter(
          (entry) => isLive(entry, time) && namespace.find(entry.key, time) === undefined,
        );
        for (const entry of gone) namespace.put(entry, { now: time, maxEntries, mayDrop: () => false });
        return gone.length;
      });
  }

  grants(): MemoryGrant[] {
    return grantsIn(this.parts.storage.list(this.owner));
  }

  received(): MemoryGrant[] {
    return grantsIn(this.parts.storage.list()).filter(({ to }) => to === this.agent);
  }

  shared(owner: AgentOrName): SharedMemory {
    return new View(this.parts, this.agent, nameOfAgent(owner));
  }
}

const asGiven = ({ place }: Namespace, { to, key, keyPrefix, access }: Grant): MemoryGrant => ({
  from: place.owner,
  to,
  namespace: place.namespace,
  key,
  keyPrefix,
  access,
});

/** All grants of namespaces. */
export function grantsIn(namespaces: readonly Namespace[]): MemoryGrant[] {
  return namespaces.flatMap((namespace) => namespace.grants.map((grant) => asGiven(namespace, grant)));
}
