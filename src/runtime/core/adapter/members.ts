import { className, isRecord } from "../clone.ts";
import { AgentUsageError } from "../errors.ts";

/** A member of an object, found without reading it: getters are not triggered. */
export interface Member {
  name: string;
  kind: "method" | "accessor";
}

/** String-named methods and accessors of an object and its prototypes, nearest first, each name once. */
export function members(target: object): Member[] {
  const found = new Map<string, Member | null>();
  for (
    let holder: object | null = target;
    holder !== null && !isBuiltIn(holder);
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name === "constructor" || found.has(name)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(holder, name);
      // A name that stands for data hides a method of that name further up.
      if (descriptor?.get !== undefined) found.set(name, { name, kind: "accessor" });
      else found.set(name, typeof descriptor?.value === "function" ? { name, kind: "method" } : null);
    }
  }
  return [...found.values()].filter((member) => member !== null);
}

/** The end of every chain, in whatever realm: `call` of Function.prototype is no agent's. */
export const isBuiltIn = (holder: object): boolean =>
  (Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, "isPrototypeOf")) ||
  (typeof holder === "function" && Object.hasOwn(holder, "bind"));

/** The function at `target[name]`, or null. Reads it. */
export function methodAt(target: object, name: PropertyKey): ((...args: unknown[]) => unknown) | null {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? (value as (...args: unknown[]) => unknown) : null;
}

/** Calls a method on the original object; throws an {@link AgentUsageError} where there is none of that name. */
export function callMethod(target: object, name: PropertyKey, args: unknown[]): unknown {
  const method = methodAt(target, name);
  if (method === null) throw new AgentUsageError(`${nameOf(target)} has no method ${String(name)}.`);
  return Reflect.apply(method, target, args);
}

/** Names a legacy agent: its class, or itself where it is a function. */
export function nameOf(legacy: object): string {
  if (typeof legacy === "function" && typeof legacy.name === "string" && legacy.name !== "")
    return legacy.name;
  return typeof legacy === "function" || isRecord(legacy) ? "Agent" : className(legacy);
}
