import { isDeepStrictEqual } from "node:util";
import { changed, changesOf } from "../model/jsonPatch.ts";

type Fields = Record<string, unknown>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The JSON Merge Patch (RFC 7396) that makes one object of another; null where none does, because null in a patch takes
 * a field away. A patch never names a prototype.
 */
export function mergePatch(before: Fields, after: Fields): Fields | null {
  const patch = difference(before, after);
  return isDeepStrictEqual(changed(before, changesOf("task", before, patch)), after) ? patch : null;
}

function difference(before: Fields, after: Fields): Fields {
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const changed = Object.entries(after).filter(
    ([key, value]) =>
      key !== "__proto__" && (!Object.hasOwn(before, key) || !isDeepStrictEqual(before[key], value)),
  );
  return Object.fromEntries([
    ...removed.map((key): [string, unknown] => [key, null]),
    ...changed.map(([key, value]): [string, unknown] => {
      const known = Object.hasOwn(before, key) ? before[key] : undefined;
      return [key, isObject(known) && isObject(value) ? difference(known, value) : value];
    }),
  ]);
}
