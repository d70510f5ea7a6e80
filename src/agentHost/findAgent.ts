import { readFileSync } from "node:fs";
import { folderPath } from "../model/folderPath.ts";
import type { RunRequest } from "../model/hostProtocol.ts";
import { UserError } from "../model/userError.ts";

export type AgentClass = new (...args: unknown[]) => object;
export type AgentFactory = (...args: unknown[]) => unknown;

/** What a module offers under a name: a class, an agent that is made already, or a function that makes one. */
export type Found =
  | { kind: "class"; make: AgentClass }
  | { kind: "factory"; make: AgentFactory }
  | { kind: "instance"; agent: object };

type Request = Pick<RunRequest, "root" | "file" | "name">;
type Exports = Record<string, unknown>;

/** Keys that Node and the transpiler add to a module. */
const HIDDEN = new Set(["__esModule", "module.exports"]);

/** Finds an agent by the name it is exported under, or by its own; the name "default" means the default export. */
export function findAgent(module: unknown, request: Request): Found {
  const exports = exportsOf(module);
  const exported = Object.entries(exports).filter(([key]) => !HIDDEN.has(key));
  const value = lookUp(exports, exported, request);
  if (isClass(value)) return { kind: "class", make: value };
  if (isFactory(value)) return { kind: "factory", make: value };
  if (typeof value === "object" && value !== null) return { kind: "instance", agent: value };
  throw new UserError(sentence(request, exported, value));
}

/** By export, by class name, as a member of an exported object, or under the name that the module exports it by. */
function lookUp(exports: Exports, exported: [string, unknown][], { file, name }: Request): unknown {
  if (Object.hasOwn(exports, name)) return exports[name];
  const named = exported.map(([, value]) => value).find((value) => isClass(value) && value.name === name);
  if (named !== undefined) return named;
  const [object = "", member] = name.split(".");
  const holders = exported
    .filter(([key]) => member === undefined || key === object)
    .map(([, value]) => value);
  const holder = holders.find((value) => isPlain(value) && Object.hasOwn(value, member ?? name));
  if (holder !== undefined) return (holder as Exports)[member ?? name];
  const other = otherName(file, name);
  return other === null ? undefined : exports[other];
}

/** `export default name`, `export { name as other }` */
function otherName(file: string, name: string): string | null {
  const text = readFileSync(file, "utf8");
  const written = escaped(name);
  if (new RegExp(`\\bexport\\s+default\\s+${written}\\s*(?:;|$)`, "m").test(text)) return "default";
  return new RegExp(`\\bexport\\s*\\{[^}]*(?<![\\w$])${written}\\s+as\\s+([\\w$]+)`).exec(text)?.[1] ?? null;
}

/** `module.exports = X` and `export default X` look alike from here: both stand under "default". */
function exportsOf(module: unknown): Exports {
  if (typeof module === "function") return { default: module, ...Object.fromEntries(Object.entries(module)) };
  return typeof module === "object" && module !== null ? (module as Exports) : {};
}

/** Arrow functions, methods and async functions have no prototype to construct from. Other functions may be either. */
function isClass(value: unknown): value is AgentClass {
  return typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null;
}

const isFactory = (value: unknown): value is AgentFactory => typeof value === "function";

const isPlain = (value: unknown): value is Exports =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function sentence({ root, file, name }: Request, exported: [string, unknown][], found: unknown): string {
  const path = folderPath(root, file);
  const names = exported.map(([key]) => key);
  const list = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
  if (found !== undefined)
    return `The export "${name}" of ${path} is neither a class nor an agent nor a function that makes one; ${list}.`;
  const declared = name === "default" ? null : declaration(file, name);
  if (declared !== null) {
    return `${name} cannot be run, because ${path} does not export it (write "export ${declared} ${name}"); ${list}.`;
  }
  const wanted = name === "default" ? "has no default export" : `has no class ${name}`;
  return `${path} ${wanted}; ${list}.`;
}

/** The word that declares a name at the top level, "class" anywhere; null where nothing does. */
function declaration(file: string, name: string): string | null {
  const text = readFileSync(file, "utf8");
  const end = `\\s+${escaped(name)}(?![\\w$])`;
  if (new RegExp(`\\bclass${end}`).test(text)) return "class";
  return new RegExp(`^((?:async\\s+)?function|const|let|var)${end}`, "m").exec(text)?.[1] ?? null;
}

const escaped = (name: string): string => name.replace(/[^\w]/g, "\\$&");
