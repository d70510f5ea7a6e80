import { isRecord } from "./clone.ts";

/** A returned value as a JSON-safe record. */
export interface Output {
  output: Record<string, unknown>;
  /** Empty where nothing had to be described. */
  warnings: string[];
}

const deepest = 200;

/**
 * Normalises what an agent returned: records pass, strings become `{output}`, other JSON-safe values
 * `{output: value}`, and what JSON cannot hold becomes a description with a warning.
 */
export function normaliseOutput(value: unknown): Output {
  const warnings: string[] = [];
  const safe = jsonSafe(value, "", warnings, []);
  const passes = typeof safe === "object" && safe !== null && !Array.isArray(safe);
  if (warnings.length > 3) warnings.splice(3, warnings.length, `… and ${warnings.length - 3} more values.`);
  return { output: passes ? (safe as Record<string, unknown>) : { output: safe ?? null }, warnings };
}

function jsonSafe(value: unknown, path: string, warnings: string[], above: object[]): unknown {
  const describe = (description: string): string => {
    warnings.push(
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
  if (above.includes(value)) return describe("[circular]");
  if (above.length >= deepest) return describe("[too deep]");
  const inside = [...above, value];
  const child = (item: unknown, key: string) =>
    jsonSafe(item, path === "" ? key : `${path}.${key}`, warnings, inside);
  try {
    if (Array.isArray(value)) return Array.from(value, (item: unknown, i) => child(item, String(i)) ?? null);
    if (!isRecord(value)) {
      const { toJSON } = value as { toJSON?: unknown };
      if (typeof toJSON === "function") return jsonSafe(toJSON.call(value, path), path, warnings, inside);
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
    return describe(`[unreadable: ${error instanceof Error ? error.message : String(error)}]`);
  }
}

/** Why a returned value looks like a failure (`{success: false}`, `{error}`), or null. */
export function reportedFailure(value: unknown): string | null {
  if (!isRecord(value)) return null;
  const { success, error } = value;
  const reported = error !== undefined && error !== null && error !== false && error !== "";
  if (success !== false && !reported) return null;
  if (!reported) return "The agent returned success: false.";
  const text =
    typeof error === "string"
      ? error
      : isMessage(error)
        ? error.message
        : JSON.stringify(normaliseOutput(error).output);
  return `The agent returned an error: ${text}`;
}

const isMessage = (value: unknown): value is { message: string } =>
  typeof value === "object" && value !== null && typeof (value as { message?: unknown }).message === "string";
