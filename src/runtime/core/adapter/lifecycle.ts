import { callMethod, type Member, members, methodAt } from "./members.ts";
import { parametersOf } from "./parameters.ts";

const initNames = ["initialize", "initialise", "init", "setup", "setUp", "connect", "start"];
const closeNames = [
  "shutdown",
  "shutDown",
  "close",
  "dispose",
  "destroy",
  "stop",
  "disconnect",
  "teardown",
  "tearDown",
  "cleanup",
];
const closeSymbols = ["asyncDispose", "dispose"].map(
  (name) => (Symbol as unknown as Record<string, symbol | undefined>)[name],
);

/** Calls the method that starts a legacy agent, where there is one; `name` says which, null that there is none. */
export function callInit(legacy: object, name: string | null | undefined): unknown {
  const method = name === undefined ? initMethod(legacy, members(legacy)) : name;
  return method === null ? undefined : callMethod(legacy, method, []);
}

/** The method that starts a legacy agent, or null: the first by name that can be called without arguments. */
function initMethod(legacy: object, members: readonly Member[]): string | null {
  return firstCallable(legacy, members, initNames);
}

/** The method that ends a legacy agent, or null: by name, else one of the dispose symbols. */
export function closeMethod(legacy: object, members: readonly Member[]): PropertyKey | null {
  const named = firstCallable(legacy, members, closeNames);
  return (
    named ?? closeSymbols.find((symbol) => symbol !== undefined && methodAt(legacy, symbol) !== null) ?? null
  );
}

function firstCallable(legacy: object, members: readonly Member[], names: readonly string[]): string | null {
  const methods = new Set(members.filter(({ kind }) => kind === "method").map(({ name }) => name));
  return names.find((name) => methods.has(name) && needsNothing(methodAt(legacy, name))) ?? null;
}

function needsNothing(method: ((...args: unknown[]) => unknown) | null): boolean {
  if (method === null) return false;
  const parameters = parametersOf(Function.prototype.toString.call(method));
  return parameters === null ? method.length === 0 : parameters.every(({ optional }) => optional);
}
