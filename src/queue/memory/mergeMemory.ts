import { createHash } from "node:crypto";
import type { Entry } from "../../runtime/memory/entry.ts";
import type { Grant } from "../../runtime/memory/grants.ts";
import { Namespace } from "../../runtime/memory/namespace.ts";

/** What a folder and the shared store both had when they were last the same: neither entries nor times, but whether they changed. */
export interface CommonMemory {
  /** A hash of each entry, by key. */
  entries: ReadonlyMap<string, string>;
  /** What is allowed, by grant. */
  grants: ReadonlyMap<string, Grant["access"]>;
}

export const NOTHING_IN_COMMON: CommonMemory = { entries: new Map(), grants: new Map() };

export function commonOf(namespace: Namespace): CommonMemory {
  return {
    entries: new Map(Array.from(namespace.all, (entry) => [entry.key, hashOf(entry)])),
    grants: new Map(namespace.grants.map((grant) => [nameOf(grant), grant.access])),
  };
}

/**
 * Key by key what changed since both were the same. Of a key that changed on both sides the one that was written later stays; one
 * that was written stays where the other side removed it, since nobody knows when. Of a grant that changed on both sides the lesser one.
 */
export function mergeMemory(common: CommonMemory, here: Namespace, there: Namespace): Namespace {
  const entries = merged<Entry>(
    { here: byKey(here), there: byKey(there), common: common.entries },
    hashOf,
    later,
  );
  const grants = merged<Grant>(
    { here: byName(here.grants), there: byName(there.grants), common: common.grants },
    ({ access }) => access,
    lesser,
  );
  return new Namespace(
    here.place,
    entries.sort((a, b) => a.writtenAt - b.writtenAt),
    grants,
  );
}

/** Whether they hold the same, in whatever order. */
export function isSame(first: Namespace, second: Namespace): boolean {
  const [a, b] = [commonOf(first), commonOf(second)];
  return isSameMap(a.entries, b.entries) && isSameMap(a.grants, b.grants);
}

interface Sides<T> {
  here: ReadonlyMap<string, T>;
  there: ReadonlyMap<string, T>;
  common: ReadonlyMap<string, string>;
}

function merged<T>(
  { here, there, common }: Sides<T>,
  stateOf: (item: T) => string,
  both: (here: T | undefined, there: T | undefined) => T | undefined,
): T[] {
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((key) => {
    const [own, other] = [here.get(key), there.get(key)];
    const [ownState, otherState] = [own && stateOf(own), other && stateOf(other)];
    const before = common.get(key);
    const chosen = ownState === before ? other : otherState === before ? own : both(own, other);
    return chosen ?? [];
  });
}

function later(here: Entry | undefined, there: Entry | undefined): Entry | undefined {
  if (here === undefined || there === undefined) return here ?? there;
  if (here.writtenAt !== there.writtenAt) return here.writtenAt > there.writtenAt ? here : there;
  return here.line > there.line ? here : there;
}

function lesser(here: Grant | undefined, there: Grant | undefined): Grant | undefined {
  if (here === undefined || there === undefined) return undefined;
  return here.access === "read" ? here : there;
}

const byKey = ({ all }: Namespace) => new Map(Array.from(all, (entry) => [entry.key, entry]));
const byName = (grants: readonly Grant[]) => new Map(grants.map((grant) => [nameOf(grant), grant]));
const nameOf = ({ to, key, keyPrefix }: Grant): string => JSON.stringify([to, key, keyPrefix]);
const hashOf = ({ line }: Entry): string =>
  createHash("sha256").update(line).digest("base64url").slice(0, 22);

const isSameMap = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
