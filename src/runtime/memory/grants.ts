import { AgentUsageError } from "../core/errors.ts";
import type { MemoryAccess } from "./accessError.ts";
import { nameOfAgent } from "./agentName.ts";
import type { ContextGrant, ContextGrantFilter, ContextGrantRequest } from "./contextTypes.ts";
import { checkName, checkSettings } from "./names.ts";

/** What one agent may do with keys that are not its own. */
export type Grant = ContextGrant;

/** Throws an {@link AgentUsageError} for a grant that cannot be. */
export function makeGrant(request: ContextGrantRequest): Grant {
  checkSettings("A grant", request);
  const { to, key = null, keyPrefix = null, access = "read" } = request;
  if (key !== null && keyPrefix !== null) {
    throw new AgentUsageError("A grant is for one key, or for all with a keyPrefix: give one of them.");
  }
  if (!["read", "write"].includes(access)) {
    throw new AgentUsageError(`A grant allows "read" or "write", and not "${access as string}".`);
  }
  if (key !== null) checkName("The key of a grant", key);
  const prefix =
    keyPrefix === null || keyPrefix === "" ? null : checkName("The keyPrefix of a grant", keyPrefix);
  return { to: nameOfAgent(to), key, keyPrefix: prefix, access };
}

/** The grants with this one; it replaces one for the same agent and keys. */
export function withGrant(grants: readonly Grant[], grant: Grant): Grant[] {
  const same = ({ to, key, keyPrefix }: Grant) =>
    to === grant.to && key === grant.key && keyPrefix === grant.keyPrefix;
  return [...grants.filter((other) => !same(other)), grant];
}

/** Whether a grant fits each field that the filter has. */
export function fitsFilter(grant: Grant, { to, key, keyPrefix }: ContextGrantFilter): boolean {
  return (
    (to === undefined || nameOfAgent(to) === grant.to) &&
    (key === undefined || key === grant.key) &&
    (keyPrefix === undefined || (keyPrefix === "" ? null : keyPrefix) === grant.keyPrefix)
  );
}

/** The grants that allow an agent something with some keys. */
export function grantsFor(grants: readonly Grant[], agent: string, access: MemoryAccess): Grant[] {
  return grants.filter(
    ({ to, access: granted }) => to === agent && (access === "read" || granted === "write"),
  );
}

/** Whether one of the grants is for a key. */
export function coverKey(grants: readonly Grant[], key: string): boolean {
  return grants.some((grant) =>
    grant.key === null ? key.startsWith(grant.keyPrefix ?? "") : key === grant.key,
  );
}

/** The grant that would allow something, as the text of a call. */
export function callOfGrant(to: string, access: MemoryAccess, fields: Record<string, string | null>): string {
  const all: Record<string, string | null> = { to, ...fields, access };
  const pairs = Object.entries(all).filter(([, value]) => value !== null);
  return `grant({ ${pairs.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")} })`;
}
