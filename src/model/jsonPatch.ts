import { isDeepStrictEqual } from "node:util";
import type { Change } from "./fix.ts";

type Fields = Record<string, unknown>;

/** What a JSON Merge Patch (RFC 7396) changes of a value; nothing where it is so already. */
export function changesOf(
  of: Change["of"],
  value: unknown,
  patch: unknown,
  path: readonly string[] = [],
): Change[] {
  if (isRecord(patch) && isRecord(value)) {
    return Object.entries(patch).flatMap(([key, item]) => changesAt(of, value, key, item, [...path, key]));
  }
  const after = withoutNulls(patch);
  return isDeepStrictEqual(value, after) ? [] : [{ of, path: [...path], before: value, after }];
}

function changesAt(of: Change["of"], value: Fields, key: string, item: unknown, path: string[]): Change[] {
  const known = Object.hasOwn(value, key);
  if (item === null) return known ? [{ of, path, before: value[key] }] : [];
  if (known) return changesOf(of, value[key], item, path);
  return [{ of, path, after: withoutNulls(item) }];
}

/** The value with the changes of one part of a run; what was given stays as it is. */
export function changed(value: unknown, changes: readonly Change[]): unknown {
  return changes.reduce((current, change) => changedAt(current, change.path, change), value);
}

/** The changes that take these back. */
export function reversed(changes: readonly Change[]): Change[] {
  return changes.toReversed().map(({ of, path, ...sides }) => ({
    ...{ of, path },
    ...("after" in sides && { before: sides.after }),
    ...("before" in sides && { after: sides.before }),
  }));
}

function changedAt(value: unknown, path: readonly string[], change: Change): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change.after;
  if (!isRecord(value)) return value;
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  const removed = rest.length === 0 && !("after" in change);
  const entries = Object.entries(value);
  if (removed) return recordOf(entries.filter(([name]) => name !== key));
  const item = changedAt(inner, rest, change);
  if (!Object.hasOwn(value, key)) return recordOf([...entries, [key, item]]);
  return recordOf(entries.map(([name, old]) => [name, name === key ? item : old]));
}

/** Own fields, whatever they are called. */
const recordOf = (entries: [string, unknown][]): Fields => Object.fromEntries(entries);

function withoutNulls(patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const kept = Object.entries(patch).filter(([, item]) => item !== null);
  return recordOf(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

function isRecord(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
