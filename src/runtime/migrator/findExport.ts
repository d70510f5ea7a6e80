import { className, isRecord } from "../core/clone.ts";
import { fieldOf } from "../core/errors.ts";
import type { DiscoveredAgent } from "../registry/types.ts";

/** Keys that Node and transpilers add. */
const hidden = new Set(["__esModule", "module.exports"]);

/**
 * What a module exports for a class: under the name that the index gives, else under its own, else whatever is called
 * so, else an instance of it. CommonJS modules stand under "default".
 */
export function findExport(module: unknown, { name, exported }: DiscoveredAgent): unknown {
  const places = [module, at(module, "default"), at(module, "module.exports")];
  for (const exports of places) {
    if (typeof exports === "function" && (exports.name === name || exported === "default")) return exports;
    for (const key of [exported, name]) {
      const found = key === null || key === "" ? undefined : at(exports, key);
      if (found !== undefined) return found;
    }
    const named = values(exports).find((value) => typeof value === "function" && value.name === name);
    if (named !== undefined) return named;
  }
  return places.flatMap(values).find((value) => isInstance(value) && className(value) === name);
}

/** An object of a class, as modules export that keep the class to themselves. */
export const isInstance = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isRecord(value);

/** "it exports A, B" */
export function exportsText(module: unknown): string {
  const names = keysOf(module).filter((key) => !hidden.has(key));
  return names.length === 0 ? "it exports nothing" : `it exports ${names.slice(0, 10).join(", ")}`;
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Namespaces of modules and records; what a function has is its own, not inherited. */
const at = (holder: unknown, key: string): unknown =>
  isObject(holder) && Object.hasOwn(holder, key) ? fieldOf(holder, key) : undefined;

const keysOf = (holder: unknown): string[] => (isObject(holder) ? Object.keys(holder) : []);

const values = (holder: unknown): unknown[] =>
  isRecord(holder) || isObject(holder) ? keysOf(holder).map((key) => at(holder, key)) : [];
