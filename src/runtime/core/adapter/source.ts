import { isAgent } from "../agent.ts";
import { isRecord } from "../clone.ts";
import { isPromiseLike } from "../collect.ts";
import { executionMethod } from "../dispatch.ts";
import { AgentUsageError, describeError } from "../errors.ts";
import { members } from "./members.ts";
import { constructorParameters } from "./parameters.ts";

/** A class whose instances are legacy agents. */
export type LegacyClass<T extends object = object> = abstract new (...args: never[]) => T;

/** A function that makes a legacy agent, now or later. */
export type LegacyFactory<T extends object = object> = (...args: never[]) => T | PromiseLike<T>;

/** What an adapter is made from: an instance, a class, or a factory. */
export type LegacySource<T extends object = object> = T | LegacyClass<T> | LegacyFactory<T>;

type Maker = (...args: unknown[]) => unknown;

/** Makes the legacy agent of a source; a promise where the source makes it later. Throws an {@link AgentUsageError}. */
export function makeLegacy(source: unknown, args: readonly unknown[] | undefined): object {
  if (typeof source !== "function") {
    if (args !== undefined)
      throw new AgentUsageError(
        'The option "args" is for classes and factories: the adapter got an instance.',
      );
    if (isPromiseLike(source))
      throw new AgentUsageError(
        "UniversalAgentAdapter got a promise: await it, or give the factory that made it.",
      );
    return checked(source, "UniversalAgentAdapter wraps an instance, a class or a factory of agents; it got");
  }
  const kind = kindOf(source);
  if (kind === "instance") return source;
  if (kind === "class" && isAgent((source as { prototype?: unknown }).prototype))
    throw isOneAlready(source.name);
  const what = `${kind === "class" ? "" : "The factory "}${source.name === "" ? `of the agent` : source.name}`;
  const made = make(source as Maker, kind, args ?? [], what);
  return isPromiseLike(made) ? made : checked(made, `${what} made`);
}

/** The object that a promise of {@link makeLegacy} gave. */
export const checkedLater = (made: unknown): object => checked(made, "The factory's promise gave");

function make(source: Maker, kind: "class" | "factory", args: readonly unknown[], what: string): unknown {
  try {
    return kind === "class"
      ? (Reflect.construct(source, args) as unknown)
      : Reflect.apply(source, undefined, args);
  } catch (cause) {
    const parameters = kind === "class" ? constructorParameters(source).map(({ name }) => name ?? "{…}") : [];
    const takes =
      parameters.length > args.length
        ? ` Its constructor takes (${parameters.join(", ")}): give them with the option "args", or give a factory.`
        : "";
    throw new AgentUsageError(`${what} failed to make an agent: ${describeError(cause).message}.${takes}`, {
      cause,
    });
  }
}

function checked(made: unknown, otherwise: string): object {
  if ((typeof made !== "object" && typeof made !== "function") || made === null) {
    throw new AgentUsageError(`${otherwise} ${made === null ? "null" : typeof made}, which is no agent.`);
  }
  if (isAgent(made)) throw isOneAlready(made.metadata.name);
  return made;
}

/** Its results would stand inside the results of an adapter, failures as successes. */
const isOneAlready = (name: string) =>
  new AgentUsageError(`${name} is a BaseAgent already: use it as it is, without an adapter.`);

/**
 * What a function is: a class (written as one, or with members on its prototype), an agent that can be called, or a
 * factory.
 */
export function kindOf(source: object): "class" | "factory" | "instance" {
  const text = Function.prototype.toString.call(source);
  if (/^class\b/.test(text) || hasPrototypeMembers(source)) return "class";
  const methods = members(source).flatMap(({ name, kind }) => (kind === "method" ? [name] : []));
  if (executionMethod(methods) !== null) return "instance";
  // Before there were classes, constructors were known by a capital and by what they did to `this`.
  return /^function\s+[A-Z]/.test(text) && /\bthis\s*[.[]/.test(text) ? "class" : "factory";
}

function hasPrototypeMembers(source: object): boolean {
  const prototype: unknown = Reflect.get(source, "prototype");
  if (typeof prototype !== "object" || prototype === null) return false;
  // That of a generator function is no class's.
  if (/Generator$/.test(Object.prototype.toString.call(prototype).slice(8, -1))) return false;
  return Reflect.ownKeys(prototype).some((key) => key !== "constructor") || !isRecord(prototype);
}
