import { constructorParameters } from "../core/adapter/parameters.ts";
import { mappingFor } from "../core/adapter/mapping.ts";
import { members } from "../core/adapter/members.ts";
import { kindOf, type LegacyClass } from "../core/adapter/source.ts";
import { taskMethod } from "../core/adapter/taskMethod.ts";
import { UniversalAgentAdapter } from "../core/adapter/adapter.ts";
import { isAgent } from "../core/agent.ts";
import { describeError } from "../core/errors.ts";
import type { AdapterOptions } from "../core/index.ts";
import type { DiscoveredAgent } from "../registry/types.ts";
import { exportsText, findExport, isInstance } from "./findExport.ts";
import type { CodebaseOptions, MigrationFactory } from "./types.ts";

/** What became of a class. */
export type Made =
  { readonly adapter: UniversalAgentAdapter } | { readonly skipped: string } | { readonly failed: string };

type Options = Pick<CodebaseOptions, "load" | "factories" | "mapping"> & {
  adapter: Omit<Partial<AdapterOptions>, "agentType"> & { name: string };
};

/** Why a class of an index is not even loaded, or null. */
export function whyNotLoaded({
  language,
  isAgent,
  reason,
  adapts,
  abstract,
  test,
}: DiscoveredAgent): string | null {
  if (language !== "typescript" && language !== "javascript") {
    return `It is written in ${language === "unknown" ? "a language that is not known" : language}: only TypeScript and JavaScript are loaded.`;
  }
  if (!isAgent) return `It is no agent: ${reason ?? "the index says so"}.`;
  if (adapts !== null) return `It is the adapter of ${adapts} already.`;
  if (abstract) return "It is abstract: only classes that extend it can be made.";
  return test ? "It stands in a test file." : null;
}

/** Loads the class of an index, makes an agent of it and wraps that. Throws nothing. */
export async function makeAdapter(file: string, agent: DiscoveredAgent, options: Options): Promise<Made> {
  let module: unknown;
  try {
    module = await (options.load ?? importModule)(file, agent);
  } catch (error) {
    return { failed: notLoaded(agent.file, error, options.load === undefined) };
  }
  const found = findExport(module, agent);
  if (found === undefined) {
    return { failed: `${agent.file} does not export ${agent.name || "it"}: ${exportsText(module)}.` };
  }
  if (isAgent(found)) return { skipped: isOne };
  if (isInstance(found)) return adapt(found, agent, options);
  if (typeof found !== "function" || kindOf(found) !== "class") {
    return { skipped: `It is no agent: what ${agent.file} exports as ${agent.name || "it"} is no class.` };
  }
  const why = whyNoLegacy(found);
  if (why !== null) return { skipped: why };
  try {
    return await wrap(found as unknown as LegacyClass, agent, options);
  } catch (error) {
    return { failed: sentence(describeError(error).message) };
  }
}

const importModule = async (file: string): Promise<unknown> => {
  const { pathToFileURL } = await import("node:url");
  return import(pathToFileURL(file).href) as Promise<unknown>;
};

/** In one line: Node tells who required a module in lines of their own. */
function notLoaded(file: string, error: unknown, byNode: boolean): string {
  const [what = ""] = describeError(error).message.split("\nRequire stack:");
  const hint = byNode ? hints.get((error as { code?: unknown } | null)?.code) : undefined;
  const sentences = `${file} cannot be loaded: ${sentence(what.replace(/\s+/g, " ").trim())}`;
  return hint === undefined ? sentences : `${sentences} ${hint}`;
}

const foreign =
  'This Node does not run such TypeScript: give a function that loads modules as the option "load".';
const unresolved =
  'Install what it imports; where its imports are written for a bundler, give a function that loads modules as the option "load".';
const hints = new Map<unknown, string>([
  ["ERR_UNKNOWN_FILE_EXTENSION", foreign],
  ["ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", foreign],
  ["ERR_UNSUPPORTED_DIR_IMPORT", unresolved],
  ["ERR_MODULE_NOT_FOUND", unresolved],
  ["MODULE_NOT_FOUND", unresolved],
]);

const isOne = "It is a BaseAgent already.";

function whyNoLegacy({ prototype }: { prototype?: unknown }): string | null {
  if (isAgent(prototype)) return isOne;
  return prototype instanceof Error ? "It is no agent: it is an exception." : null;
}

async function wrap(type: LegacyClass, agent: DiscoveredAgent, options: Options): Promise<Made> {
  const factory = factoryOf(agent, options.factories)?.factory;
  const { args = [] } = options.adapter;
  const advice = `give a factory for ${agent.name} with the option "factories".`;
  if (factory === undefined) {
    const missing = requiredParameters(type, agent).slice(args.length);
    if (missing.length > 0) return { failed: `Its constructor needs (${missing.join(", ")}): ${advice}` };
  }
  let legacy: object;
  try {
    const made: unknown = factory === undefined ? Reflect.construct(type, args) : factory(type, agent);
    legacy = (await made) as object;
  } catch (error) {
    const { message } = describeError(error);
    return {
      failed:
        factory === undefined
          ? `Its constructor failed: ${sentence(message)} Where it needs arguments, ${advice}`
          : `Its factory failed: ${sentence(message)}`,
    };
  }
  return adapt(legacy, agent, options);
}

function adapt(legacy: object, { agentType }: DiscoveredAgent, options: Options): Made {
  const adapterOptions = { mapping: options.mapping, ...options.adapter, args: undefined, agentType };
  // As a factory, because an agent may be a function itself.
  const adapter = new UniversalAgentAdapter(() => legacy, adapterOptions);
  return takesTasks(adapter, adapterOptions) ? { adapter } : { skipped: noMethod(adapter.legacy) };
}

function noMethod(legacy: object): string {
  const names = members(legacy).flatMap(({ name, kind }) => (kind === "method" ? [name] : []));
  const has = names.length === 0 ? "It has no methods" : `It has ${names.slice(0, 10).join(", ")}`;
  return `It has no method that takes tasks. ${has}: if it is an agent, name its method in .proj-intel/adapters.json.`;
}

/** The factory of a class, by `path#ClassName` or by class name. */
export function factoryOf(
  { name, file }: DiscoveredAgent,
  factories: CodebaseOptions["factories"] = {},
): { key: string; factory: MigrationFactory } | null {
  for (const key of [`${file}#${name}`, name]) {
    const factory = Object.hasOwn(factories, key) ? factories[key] : undefined;
    if (factory !== undefined) return { key, factory };
  }
  return null;
}

/** As the index has them, which knows what may be left out; it has none for a class without a constructor of its own. */
function requiredParameters(type: LegacyClass, { constructorParams }: DiscoveredAgent): string[] {
  const known = constructorParams ?? [];
  const parameters = known.length > 0 ? known : constructorParameters(type);
  return parameters.flatMap(({ name, optional }) =>
    optional || name?.startsWith("...") === true ? [] : [name ?? "{…}"],
  );
}

function takesTasks(adapter: UniversalAgentAdapter, { method, mapping }: Partial<AdapterOptions>): boolean {
  const { legacy } = adapter;
  return (method ?? mappingFor(legacy, mapping).method ?? taskMethod(legacy)) !== null;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
