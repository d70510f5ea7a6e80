import { isRecord } from "./clone.ts";
import { describeError, fieldOf } from "./errors.ts";

/** A returned value as a JSON-safe record. */
export interface Output {
  output: Record<string, unknown>;
  /** Empty where nothing had to be described. */
  warnings: string[];
}

const deepest = 200;
const mostRepeats = 10_000;

/**
 * Normalises what an agent returned: records pass, strings become `{output}`, other JSON-safe values
 * `{output: value}`, and what JSON cannot hold becomes a description with a warning.
 */
export function normaliseOutput(value: unknown): Output {
  const warnings: string[] = [];
  const safe = jsonSafe(value, "", { warnings, above: new Set(), seen: new Set(), repeats: 0 });
  const passes = typeof safe === "object" && safe !== null && !Array.isArray(safe);
  if (warnings.length > 3) warnings.splice(3, warnings.length, `… and ${warnings.length - 3} more values.`);
  return { output: passes ? (safe as Record<string, unknown>) : { output: safe ?? null }, warnings };
}

interface Walk {
  warnings: string[];
  above: Set<object>;
  seen: Set<object>;
  repeats: number;
}

function jsonSafe(value: unknown, path: string, walk: Walk): unknown {
  const describe = (description: string): string => {
    walk.warnings.push(
      `The output holds a description in place of ${path === "" ? "the value" : path}: ${description}.`,
    );
    return description;
  };
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "number":
      // JSON has no -0.
      return Number.isFinite(value) ? value + 0 : describe(String(value));
    case "bigint":
      return describe(`${value}n`);
    case "symbol":
      return describe(String(value));
    case "function":
      return describe(`function ${value.name === "" ? "(anonymous)" : value.name}`);
    case "object":
      break;
  }
  if (value === null) return null;
  if (walk.above.has(value)) return describe("[circular]");
  if (walk.above.size >= deepest) return describe("[too deep]");
  // Written out, objects that refer to each other grow without bounds.
  if (walk.seen.has(value) && (walk.repeats += 1) > mostRepeats) return describe("[repeated]");
  walk.seen.add(value);
  walk.above.add(value);
  const child = (item: unknown, key: string) => jsonSafe(item, path === "" ? key : `${path}.${key}`, walk);
  try {
    if (Array.isArray(value)) return Array.from(value, (item: unknown, i) => child(item, String(i)) ?? null);
    // Written out, bytes take a hundred times the memory.
    if (ArrayBuffer.isView(value)) return describe(Object.prototype.toString.call(value));
    if (!isRecord(value)) {
      const { toJSON } = value as { toJSON?: unknown };
      if (typeof toJSON === "function") return jsonSafe(toJSON.call(value, path), path, walk);
      if (value instanceof Error) return { name: value.name, message: value.message };
      const tag = Object.prototype.toString.call(value);
      if (tag !== "[object Object]") return describe(tag);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, child(item, key)] as const)
        .filter(([, item]) => item !== undefined),
    );
  } catch (error) {
    return describe(`[unreadable: ${describeError(error).message}]`);
  } finally {
    walk.above.delete(value);
  }
}

/** Why a returned value looks like a failure (`{success: false}`, `{error}`), or null. */
export function reportedFailure(value: unknown): string | null {
  const read = readerOf(value);
  if (read === null) return null;
  const error = read("error");
  if (isNothing(error) || typeof error === "function") {
    return read("success") === false ? "The agent returned success: false." : null;
  }
  const text =
    typeof error === "string"
      ? error
      : hasMessage(error)
        ? describeError(error).message
        : JSON.stringify(normaliseOutput(error).output);
  return `The agent returned an error: ${text}`;
}

/** Reads the fields of what can look like a failure: of a class instance its own data alone, no code of it runs. */
function readerOf(value: unknown): ((key: string) => unknown) | null {
  try {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    if (value instanceof Error || value instanceof Promise) return null;
    if (isRecord(value)) return (key) => fieldOf(value, key);
    return (key) => ownDataOf(value, key);
  } catch {
    // Such as a revoked proxy.
    return null;
  }
}

function ownDataOf(value: object, key: string): unknown {
  try {
    return Reflect.getOwnPropertyDescriptor(value, key)?.value;
  } catch {
    return undefined;
  }
}

const isNothing = (error: unknown): boolean =>
  error === undefined || error === null || error === false || error === "";

const hasMessage = (value: unknown): boolean =>
  typeof value === "object" && value !== null && typeof fieldOf(value, "message") === "string";
