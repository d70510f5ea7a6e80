import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MemoryAccess, MemoryStore, type SharedMemory } from "../../../../src/runtime/index.ts";

const maxEntries = 3;
const agents = ["a", "b", "__proto__"] as const;
const namespaces = [undefined, "n"] as const;
const keys = ["k1", "k2", "x1", "constructor", "__proto__"] as const;

interface Use {
  agent: string;
  owner: string;
  namespace: string | undefined;
  key: string;
  value: unknown;
  ttlMs: number | undefined;
  what: "set" | "get" | "has" | "delete" | "keys" | "clear" | "search" | "update";
}
interface Share {
  what: "grant" | "revoke";
  owner: string;
  to: string;
  namespace: string | undefined;
  scope: { key: string } | { keyPrefix: string };
  access: MemoryAccess;
}
interface Pass {
  what: "pass" | "purge";
  ms: number;
}
type Deed = Use | Share | Pass;

const use: fc.Arbitrary<Use> = fc.record({
  agent: fc.constantFrom(...agents),
  owner: fc.constantFrom(...agents),
  namespace: fc.constantFrom(...namespaces),
  key: fc.constantFrom(...keys),
  value: fc.oneof(fc.integer(), fc.constant(undefined), fc.array(fc.integer(), { maxLength: 2 })),
  ttlMs: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  what: fc.constantFrom("set", "set", "get", "has", "delete", "keys", "clear", "search", "update"),
});
const share: fc.Arbitrary<Share> = fc.record({
  what: fc.constantFrom("grant", "grant", "revoke"),
  owner: fc.constantFrom(...agents),
  to: fc.constantFrom(...agents),
  namespace: fc.constantFrom(...namespaces),
  scope: fc.constantFrom({ key: "k1" }, { keyPrefix: "k" }, { keyPrefix: "" }),
  access: fc.constantFrom("read", "write"),
});
const pass: fc.Arbitrary<Pass> = fc.record({
  what: fc.constantFrom("pass", "pass", "purge"),
  ms: fc.integer({ min: 0, max: 20 }),
});
const deeds = fc.array(
  fc.oneof({ arbitrary: use, weight: 5 }, { arbitrary: share, weight: 3 }, { arbitrary: pass, weight: 1 }),
  { maxLength: 40 },
);

const refused = "PermissionError";
const wrong = "AgentUsageError";

/** What memory is expected to do, told with plain lists. */
class Model {
  time = 0;
  #entries: { place: string; key: string; value: unknown; until: number }[] = [];
  #grants: { place: string; owner: string; to: string; test: string; access: MemoryAccess }[] = [];

  do(deed: Deed): unknown {
    if (deed.what === "pass") {
      this.time += deed.ms;
      return undefined;
    }
    this.#entries = this.#entries.filter(({ until }) => until > this.time);
    if (deed.what === "purge") return undefined;
    return deed.what === "grant" || deed.what === "revoke" ? this.#share(deed) : this.#use(deed as Use);
  }

  #place = (owner: string, namespace = "default") => `${owner} in ${namespace}`;

  #share({ what, owner, to, namespace, scope, access }: Share): unknown {
    const [place, test] = [this.#place(owner, namespace), JSON.stringify(scope)];
    if (owner === to) return what === "grant" ? wrong : 0;
    const before = this.#grants.length;
    this.#grants = this.#grants.filter((g) => g.place !== place || g.to !== to || g.test !== test);
    if (what === "revoke") return before - this.#grants.length;
    this.#grants.push({ place, owner, to, test, access });
    return undefined;
  }

  #use({ agent, owner, namespace, key, value, ttlMs, what }: Use): unknown {
    const place = this.#place(owner, namespace);
    const grants = (access: MemoryAccess) =>
      this.#grants.filter((g) => g.place === place && g.to === agent && [access, "write"].includes(g.access));
    const may = (access: MemoryAccess, wanted: string) =>
      agent === owner ||
      grants(access).some(({ test }) => {
        const scope = JSON.parse(test) as { key?: string; keyPrefix?: string };
        return scope.key === wanted || (scope.keyPrefix !== undefined && wanted.startsWith(scope.keyPrefix));
      });
    const mayAny = (access: MemoryAccess) => agent === owner || grants(access).length > 0;
    const here = this.#entries.filter((entry) => entry.place === place);
    const found = here.find((entry) => entry.key === key);
    const without = (gone: readonly unknown[]) =>
      (this.#entries = this.#entries.filter((entry) => !gone.includes(entry)));
    switch (what) {
      case "get":
        return may("read", key) ? found?.value : refused;
      case "has":
        return may("read", key) ? found !== undefined : refused;
      case "keys":
        return mayAny("read") ? here.map((e) => e.key).filter((k) => may("read", k)) : refused;
      case "search":
        return mayAny("read")
          ? here
              .map((e) => e.key)
              .filter((k) => may("read", k) && k === key)
              .slice(0, 1)
          : refused;
      case "clear": {
        if (!mayAny("write")) return refused;
        const mine = here.filter((e) => may("write", e.key));
        without(mine);
        return mine.length;
      }
      case "delete":
        if (!may("write", key)) return refused;
        without([found]);
        return found !== undefined;
      default: {
        if (!may("write", key)) return refused;
        const others = here.filter((e) => e !== found);
        const dropped =
          others.length < maxEntries ? [] : others.filter((e) => may("write", e.key)).slice(0, 1);
        if (others.length - dropped.length >= maxEntries) return wrong;
        const next = what === "update" ? [found?.value ?? null, value] : value;
        without([found, ...dropped]);
        this.#entries.push({
          place,
          key,
          value: structuredClone(next),
          until: this.time + (ttlMs ?? Infinity),
        });
        return undefined;
      }
    }
  }
}

function perform(store: MemoryStore, views: Map<string, SharedMemory>, deed: Deed): unknown {
  try {
    if (deed.what === "pass") return undefined;
    if (deed.what === "purge") return void store.purge();
    if (deed.what === "grant") {
      const { owner, to, namespace, scope, access } = deed;
      return void store.of(owner).grant({ to, namespace, ...scope, access });
    }
    if (deed.what === "revoke") {
      const { owner, to, namespace = "default", scope } = deed;
      const exact = { key: null, keyPrefix: null, ...scope };
      return store.of(owner).revoke({ to, namespace, ...exact }).length;
    }
    const { agent, owner, key, value, ttlMs, namespace, what } = deed as Use;
    const name = JSON.stringify([agent, owner]);
    // Views live on: what is granted or taken back counts for them, too.
    const view = views.get(name) ?? store.of(agent).shared(owner);
    views.set(name, view);
    switch (what) {
      case "set":
        return void view.set(key, value, { namespace, ttlMs });
      case "update":
        return void view.update(key, (before) => [before ?? null, value], { namespace, ttlMs });
      case "search":
        return view
          .search({ text: key, namespace })
          .filter((match) => match.key === key)
          .map((match) => match.key);
      case "keys":
      case "clear":
        return view[what]({ namespace });
      default:
        return view[what](key, { namespace });
    }
  } catch (error) {
    return (error as Error).name;
  }
}

describe("whatever is done with memory", () => {
  it.each([
    { where: "in the process", numRuns: 400, disk: 0 },
    { where: "on disk", numRuns: 60, disk: 1 },
    { where: "on disk, by two stores in turn", numRuns: 60, disk: 2 },
  ])("$where, it does what plain lists with grants and time would", ({ disk, numRuns }) => {
    fc.assert(
      fc.property(deeds, (sequence) => {
        const root = mkdtempSync(join(tmpdir(), "memory-laws-"));
        try {
          const model = new Model();
          const options = {
            maxEntries,
            now: () => model.time,
            ...(disk > 0 ? { folder: join(root, "memory") } : {}),
          };
          const stores = Array.from({ length: Math.max(1, disk) }, () => ({
            store: new MemoryStore(options),
            views: new Map<string, SharedMemory>(),
          }));
          for (const [i, deed] of sequence.entries()) {
            const { store, views } = stores[i % stores.length] ?? expect.unreachable();
            expect(perform(store, views, deed)).toEqual(model.do(deed));
          }
        } finally {
          rmSync(root, { recursive: true, force: true });
        }
      }),
      { numRuns },
    );
  });
});
