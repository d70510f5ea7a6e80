import type { ToolCaller } from "../../runtime/index.ts";
import { parseLater } from "../../runtime/core/tools/parameters.ts";
import type { ToolOrigin } from "../../model/agentTools.ts";
import { isFunction, isStandardSchema, type KnownTool } from "./knownTool.ts";
import { isRegistry, toolsOfRegistry } from "./registryTools.ts";

/** What teams call the fields that hold tools: `tools`, `availableTools`, `toolMap`. */
const holdsTools = /(?:tools|tool_?(?:map|box|kit|set|belt|registry))$/i;

type Callable = (...args: unknown[]) => unknown;

/** What frameworks and teams call the function of a tool. */
const workers = ["execute", "run", "call", "invoke", "func", "handler", "fn"];
/** What they call its parameters. */
const schemas = ["parameters", "inputSchema", "input_schema", "schema"];
/** What an agent that has tools of its own calls them with. */
const callers = ["executeTool", "callTool", "useTool", "runTool", "invokeTool"];

/** The tools that an object keeps in fields of its own, such as a `Map` named `tools`. No getter is read. */
export function toolsInFields(holder: object, agent: ToolCaller): KnownTool[] {
  return ownValues(holder).flatMap(([name, value]) => {
    if (isRegistry(value)) return toolsOfRegistry(value, agent, { kind: "field", name });
    if (!holdsTools.test(name)) return [];
    const kept = [value, ...(isCustomRegistry(value) ? insideOf(value) : [])];
    return kept.flatMap((each) => toolsIn(each, holder, { kind: "field", name }));
  });
}

/** A map, record or list of tools. */
function toolsIn(value: unknown, holder: object, origin: ToolOrigin): KnownTool[] {
  return entriesOf(value).flatMap(([key, tool]) => {
    const worker = workerOf(tool);
    const name = key ?? textAt(tool, "name");
    if (worker === null || name === "") return [];
    const found = schemas.map((field) => at(tool, field)).find((schema) => schema !== undefined);
    const schema = isStandardSchema(found) ? found : null;
    return {
      name,
      description: textAt(tool, "description"),
      requiredCapabilities: [],
      schema,
      jsonSchema: isJsonSchema(found) ? found : null,
      origin,
      refusal: null,
      call: async (params: unknown) => callIn(holder, name, await parseLater(name, schema, params), worker),
    };
  });
}

/** As the agent itself calls its tools, where it has a method for that. */
function callIn(holder: object, name: string, params: unknown, worker: Callable): unknown {
  const caller = callers.map((method) => at(holder, method)).find(isFunction);
  return caller === undefined ? worker(params) : Reflect.apply(caller, holder, [name, params]);
}

function workerOf(tool: unknown): Callable | null {
  if (isFunction(tool)) return tool;
  const worker = workers.map((name) => at(tool, name)).find(isFunction);
  return worker === undefined ? null : (...args) => Reflect.apply(worker, tool, args);
}

function entriesOf(value: unknown): [key: string | null, tool: unknown][] {
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)].flatMap(([key, tool]) =>
      typeof key === "string" ? [[key, tool]] : [],
    );
  if (Array.isArray(value)) return value.map((tool: unknown) => [null, tool]);
  return isRecord(value) ? ownValues(value) : [];
}

/** A registry of the team's own, which keeps its tools in a field. */
const isCustomRegistry = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  !(value instanceof Map || Array.isArray(value) || isRecord(value));

const insideOf = (registry: object): unknown[] =>
  ownValues(registry).flatMap(([name, value]) => (holdsTools.test(name) ? [value] : []));

function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

const isJsonSchema = (value: unknown): boolean => isRecord(value) && !isStandardSchema(value);

function ownValues(holder: object): [string, unknown][] {
  return Object.entries(Object.getOwnPropertyDescriptors(holder)).flatMap(([name, { value }]) =>
    value === undefined ? [] : [[name, value as unknown]],
  );
}

function at(holder: unknown, name: string): unknown {
  if ((typeof holder !== "object" && typeof holder !== "function") || holder === null) return undefined;
  return Reflect.get(holder, name) as unknown;
}

function textAt(holder: unknown, name: string): string {
  const text = at(holder, name);
  return typeof text === "string" ? text : "";
}
