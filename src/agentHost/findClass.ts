import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import type { RunRequest } from "../model/hostProtocol.ts";
import { UserError } from "../model/userError.ts";

export type AgentClass = new (...args: unknown[]) => object;

type Exports = Record<string, unknown>;

/** Keys that Node and the transpiler add to a module. */
const HIDDEN = new Set(["__esModule", "module.exports"]);

/** Finds the class by the name it is exported under, or by its own; the name "default" means the default export. */
export function findClass(module: unknown, request: Pick<RunRequest, "root" | "file" | "name">): AgentClass {
  const exports = exportsOf(module);
  const exported = Object.entries(exports).filter(([key]) => !HIDDEN.has(key));
  const found =
    request.name in exports
      ? exports[request.name]
      : exported.map(([, value]) => value).find((value) => isClass(value) && value.name === request.name);
  if (isClass(found)) return found;
  throw new UserError(sentence(request, exported, found));
}

/** `module.exports = X` and `export default X` look alike from here: both stand under "default". */
function exportsOf(module: unknown): Exports {
  if (typeof module === "function") return { default: module, ...Object.fromEntries(Object.entries(module)) };
  return typeof module === "object" && module !== null ? (module as Exports) : {};
}

/** Arrow functions, methods and async functions have no prototype to construct from. */
function isClass(value: unknown): value is AgentClass {
  return typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null;
}

function sentence(
  { root, file, name }: Pick<RunRequest, "root" | "file" | "name">,
  exported: [string, unknown][],
  found: unknown,
): string {
  const path = relative(root, file).split(sep).join("/");
  const names = exported.map(([key]) => key);
  const list = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
  if (found !== undefined) return `The export "${name}" of ${path} is not a class; ${list}.`;
  if (name !== "default" && declares(file, name)) {
    return `${name} cannot be run, because ${path} does not export it (write "export class ${name}"); ${list}.`;
  }
  const wanted = name === "default" ? "has no default export" : `has no class ${name}`;
  return `${path} ${wanted}; ${list}.`;
}

function declares(file: string, name: string): boolean {
  const escaped = name.replace(/[^\w]/g, "\\$&");
  return new RegExp(`\\bclass\\s+${escaped}(?![\\w$])`).test(readFileSync(file, "utf8"));
}
