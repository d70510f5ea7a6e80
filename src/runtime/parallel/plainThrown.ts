import { describeError, fieldOf } from "../core/errors.ts";
import { isPlainData } from "./plainData.ts";

/** Anything that was thrown, as plain data. */
export type PlainThrown =
  | {
      kind: "error";
      name: string;
      message: string;
      stack?: string;
      /** Its other own fields, as far as they are plain data: `code`, `status` and the like. */
      fields: Record<string, unknown>;
      cause?: PlainThrown;
      /** Of an AggregateError. */
      errors?: PlainThrown[];
    }
  | { kind: "value"; value: unknown };

const deepest = 8;
const most = 20;
const known = new Set(["name", "message", "stack", "cause", "errors"]);

/** Describes what was thrown, with what caused it; what is neither an error nor plain data becomes a text. */
export function toPlainThrown(thrown: unknown, depth = 0): PlainThrown {
  if (!isError(thrown)) {
    return { kind: "value", value: isPlainData(thrown) ? thrown : describeError(thrown).message };
  }
  const plain: PlainThrown = { kind: "error", ...describeError(thrown), fields: fieldsOf(thrown) };
  const cause = fieldOf(thrown, "cause");
  if (depth >= deepest) return plain;
  if (cause !== undefined) plain.cause = toPlainThrown(cause, depth + 1);
  const errors = fieldOf(thrown, "errors");
  if (Array.isArray(errors)) {
    plain.errors = errors.slice(0, most).map((error: unknown) => toPlainThrown(error, depth + 1));
  }
  return plain;
}

/** An error like the one that was thrown, or the value. */
export function fromPlainThrown(plain: PlainThrown): unknown {
  if (plain.kind === "value") return plain.value;
  const { name, message, stack, fields, cause, errors } = plain;
  const error = new Error(message, ...(cause === undefined ? [] : [{ cause: fromPlainThrown(cause) }]));
  const give = (key: string, value: unknown) =>
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  give("name", name);
  give("stack", stack ?? `${name}: ${message}`);
  if (errors !== undefined) give("errors", errors.map(fromPlainThrown));
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: true });
  }
  return error;
}

/** Structural: an error may come from another realm. */
function isError(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return (
    value instanceof Error ||
    (typeof fieldOf(value, "message") === "string" && typeof fieldOf(value, "stack") === "string")
  );
}

function fieldsOf(error: object): Record<string, unknown> {
  let keys: string[] = [];
  try {
    keys = Object.keys(error);
  } catch {
    // A proxy may refuse.
  }
  const fields = keys
    .filter((key) => !known.has(key))
    .slice(0, most)
    .map((key) => [key, fieldOf(error, key)] as const)
    .filter(([, value]) => isPlainData(value));
  return Object.fromEntries(fields);
}
