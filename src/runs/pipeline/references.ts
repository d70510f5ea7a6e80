import { fromKey, type Path } from "../../model/pipeline.ts";
import { UserError } from "../../model/userError.ts";

/** Stands in a task for a result of an earlier step. */
export interface Reference {
  /** A JSON Pointer (RFC 6901) into the results by the id of their step. */
  pointer: string;
  /** What stands there where it leads to nothing. */
  fallback: { value: unknown } | null;
}

/** The first segment names the step. */
export const segmentsOf = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));

/** Null for what is none. Throws a UserError for what can only be meant as one. */
export function asReference(value: unknown): Reference | null {
  if (!isRecord(value) || !Object.hasOwn(value, fromKey)) return null;
  const { [fromKey]: pointer, ...further } = value;
  const other = Object.keys(further).find((key) => key !== "default");
  if (other !== undefined)
    throw new UserError(`beside "${fromKey}" only "default" may stand, and not "${other}"`);
  if (typeof pointer !== "string" || !/^\/[^/]/.test(pointer) || /~(?![01])/.test(pointer))
    throw new UserError(`"${fromKey}" must be a JSON Pointer such as "/research/findings"`);
  return { pointer, fallback: Object.hasOwn(further, "default") ? { value: further["default"] } : null };
}

/** What stands at the places in a value that `visit` answers for; the rest as it is. */
export function replaced(
  value: unknown,
  visit: (value: unknown, path: Path) => { by: unknown } | null,
  path: Path = [],
): unknown {
  const found = visit(value, path);
  if (found !== null) return found.by;
  if (Array.isArray(value)) return value.map((item, index) => replaced(item, visit, [...path, index]));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaced(item, visit, [...path, key])]),
  );
}

/** A value with the results that it refers to. Throws a UserError where one is not there. */
export function withResults(value: unknown, results: ReadonlyMap<string, unknown>): unknown {
  return replaced(value, (part) => {
    const reference = asReference(part);
    if (reference === null) return null;
    const { pointer, fallback } = reference;
    const found = lookUp(results, pointer) ?? fallback;
    if (found === null) throw new UserError(nothingAt(pointer, results));
    return { by: found.value };
  });
}

function lookUp(results: ReadonlyMap<string, unknown>, pointer: string): { value: unknown } | null {
  const [step = "", ...rest] = segmentsOf(pointer);
  if (!results.has(step)) return null;
  let value = results.get(step);
  for (const segment of rest) {
    const isIndex = Array.isArray(value) && /^(0|[1-9]\d*)$/.test(segment);
    if (!(isIndex || isRecord(value)) || !Object.hasOwn(value as object, segment)) return null;
    value = (value as Record<string, unknown>)[segment];
  }
  return { value };
}

function nothingAt(pointer: string, results: ReadonlyMap<string, unknown>): string {
  const [step = "", ...rest] = segmentsOf(pointer);
  const result = results.get(step);
  const there = isRecord(result) ? `, only ${Object.keys(result).join(", ") || "an empty object"}` : "";
  return results.has(step)
    ? `there is no ${rest.join("/")} in what "${step}" gave${there}; a "default" beside "${fromKey}" would stand in for it`
    : `"${step}" gave no result; a "default" beside "${fromKey}" would stand in for it`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
