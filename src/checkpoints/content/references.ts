import { Distinct } from "../../model/distinct.ts";
import { pointerPart } from "./walk.ts";

type Tagged = { $type: unknown; value?: unknown };

export const isTagged = (json: unknown): json is Tagged =>
  typeof json === "object" && json !== null && !Array.isArray(json) && Object.hasOwn(json, "$type");

/** What stands for no object. */
const plainTags = new Set<unknown>(["ref", "undefined", "lost", "number", "bigint"]);

/** Where the objects of a value stand, by the numbers that references in it use; and where these references stand. */
export interface References {
  objects: string[];
  /** By the pointer of the reference. */
  targets: Map<string, string>;
}

/** Counts as the decoder of checkpoints does. Throws a RangeError for what is nested too deep. */
export function referencesIn(json: unknown): References {
  const objects: string[] = [];
  const refs: [string, unknown][] = [];
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      objects.push(at);
      for (const [i, item] of value.entries()) visit(item, `${at}/${i}`);
    } else if (isTagged(value)) tagged(value, at);
    else {
      objects.push(at);
      for (const [key, item] of Object.entries(value)) visit(item, at + pointerPart(key));
    }
  };
  const tagged = ({ $type, value }: Tagged, at: string): void => {
    if ($type === "ref") refs.push([at, value]);
    if (plainTags.has($type)) return;
    objects.push(at);
    if ($type === "Error" && typeof value === "object" && value !== null) {
      const { errors, cause, fields } = value as { errors?: unknown; cause?: unknown; fields?: unknown };
      visit(errors, `${at}/errors`);
      visit(cause, `${at}/cause`);
      pairs(fields, at);
    } else if ($type === "Array" && Array.isArray(value)) pairs(value[1], at);
    else if ($type === "Set" && Array.isArray(value))
      for (const [i, item] of value.entries()) visit(item, `${at}/${i}`);
    else if ($type === "Map") pairs(value, at, true);
    else if ($type === "Object" || $type === "NullObject") pairs(value, at);
  };
  const pairs = (value: unknown, at: string, keysToo = false): void => {
    if (!Array.isArray(value)) return;
    const names = keyTexts(value);
    for (const [i, pair] of (value as unknown[]).entries()) {
      if (!Array.isArray(pair)) continue;
      const [key, item] = pair as [unknown, unknown];
      if (keysToo) visit(key, `${at}/${i}/key`);
      visit(item, at + pointerPart(names[i] as string));
    }
  };
  visit(json, "");
  const targets = new Map(
    refs.map(([at, index]) => [at, typeof index === "number" ? (objects[index] ?? "?") : "?"]),
  );
  return { objects, targets };
}

/** What stands for the keys of pairs in paths: no two are the same. */
export function keyTexts(pairs: readonly unknown[]): string[] {
  const distinct = new Distinct();
  return pairs.map((pair, place) => {
    const key: unknown = Array.isArray(pair) ? pair[0] : undefined;
    const isPlain = typeof key === "string" || typeof key === "number" || typeof key === "boolean";
    return distinct.of(isPlain ? String(key) : `key ${place}`);
  });
}
