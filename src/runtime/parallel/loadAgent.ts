import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UniversalAgentAdapter } from "../core/adapter/adapter.ts";
import { kindOf, type LegacyClass } from "../core/adapter/source.ts";
import { type BaseAgent, isAgent } from "../core/agent.ts";
import { AgentUsageError, describeError, fieldOf } from "../core/errors.ts";
import type { ThreadAgent } from "./threadProtocol.ts";

type Exports = Record<string, unknown>;
type Callable = (...args: readonly unknown[]) => unknown;

/** Makes an agent as a reference asks for: loads its module, constructs the class or calls the function, wraps what is none. */
export async function makeAgent(reference: ThreadAgent): Promise<BaseAgent> {
  const { value, kind } = await loadMaker(reference);
  const { agentType = "agent", name, options, args } = reference;
  const how = { ...options.adapter, agentType, name };
  if (kind === "class") {
    if (isAgent(value.prototype)) return Reflect.construct(value, args) as BaseAgent;
    return new UniversalAgentAdapter(value as unknown as LegacyClass, { ...how, args });
  }
  const made = await value(...args);
  if (isAgent(made)) return made;
  if ((typeof made === "object" || typeof made === "function") && made !== null) {
    return new UniversalAgentAdapter(() => made, how);
  }
  throw new AgentUsageError(
    `${where(reference)} made ${made === null ? "null" : typeof made}, not an agent.`,
  );
}

interface Maker {
  value: Callable;
  kind: "class" | "factory";
}

const makers = new Map<string, Maker>();

/** The class or function, found once a thread. */
async function loadMaker(reference: ThreadAgent): Promise<Maker> {
  const key = `${reference.module}\n${reference.export ?? ""}`;
  const known = makers.get(key);
  if (known !== undefined) return known;
  const maker = findMaker(await load(reference.module), reference);
  makers.set(key, maker);
  return maker;
}

async function load(module: string): Promise<Exports> {
  try {
    return (await import(module.startsWith("file:") ? module : resolvePackage(module))) as Exports;
  } catch (error) {
    const { message } = describeError(error);
    throw new AgentUsageError(`The module ${module} cannot be loaded: ${message}${hint(error)}`, {
      cause: error,
    });
  }
}

/** A package of the program comes first; one that only `import` can find is left to it. */
function resolvePackage(name: string): string {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), "from-here.js")).resolve(name)).href;
  } catch {
    return name;
  }
}

function hint(error: unknown): string {
  const code = typeof error === "object" && error !== null ? fieldOf(error, "code") : undefined;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" && /\.[cm]?tsx?\b/.test(describeError(error).message)) {
    return ". This Node does not run TypeScript by itself: compile it, or give a loader with the executor's option execArgv.";
  }
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return ". Node runs only TypeScript that is erasable: compile it, or give a loader with the executor's option execArgv.";
  }
  return "";
}

function findMaker(exports: Exports, reference: ThreadAgent): Maker {
  const { export: name } = reference;
  if (name !== undefined) {
    const named = Object.hasOwn(exports, name) ? exports[name] : memberOf(exports.default, name);
    const maker = makerOf(named);
    if (maker === null) throw noMaker(exports, reference, named);
    return maker;
  }
  // Compiled CommonJS has its default export one level further down.
  const maker = makerOf(exports.default) ?? makerOf(memberOf(exports.default, "default"));
  if (maker !== null) return maker;
  const inner = typeof exports.default === "object" ? (exports.default as Exports | null) : null;
  const classes = new Set<Callable>();
  for (const value of [...Object.values(exports), ...Object.values(inner ?? {})]) {
    const found = makerOf(value);
    if (found?.kind === "class") classes.add(found.value);
  }
  const [only, ...others] = classes;
  if (only !== undefined && others.length === 0) return { value: only, kind: "class" };
  throw noMaker(exports, reference, classes.size > 1 ? undefined : exports.default);
}

/** An agent that can be called is an object here, and no factory. */
function makerOf(value: unknown): Maker | null {
  if (typeof value !== "function") return null;
  const kind = kindOf(value);
  return kind === "instance" ? null : { value: value as Callable, kind };
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? fieldOf(value, name)
    : undefined;

function noMaker(exports: Exports, reference: ThreadAgent, found: unknown): AgentUsageError {
  const names = Object.keys(exports).filter((name) => name !== "module.exports");
  const has = names.length === 0 ? "exports nothing" : `exports ${names.join(", ")}`;
  const isObject = (typeof found === "object" && found !== null) || typeof found === "function";
  const what =
    reference.export !== undefined
      ? `${where(reference)} is ${isObject ? "an object" : found === undefined ? "missing" : `a ${typeof found}`}`
      : "it has no default class or function, and not exactly one class";
  const wish = isObject
    ? "a class or a function is needed, because each task gets an agent of its own"
    : "name a class, or a function that makes agents, with export";
  return new AgentUsageError(`The module ${reference.module} ${has}; ${what}: ${wish}.`);
}

const where = (reference: ThreadAgent): string =>
  `${reference.export === undefined ? "the export" : `export "${reference.export}"`} of ${reference.module}`;
