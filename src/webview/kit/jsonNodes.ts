import { Distinct } from "../../model/distinct.ts";

/** One line of a JSON value that is shown as a tree. */
export interface JsonNode {
  /** A JSON Pointer; "" for the whole. */
  path: string;
  /** From 0. */
  depth: number;
  /** What it is called in what it is in; null for the whole. */
  key: string | null;
  /** What it is: a scalar as it is written, else for example "Map(3)". */
  text: string;
  kind: "text" | "number" | "word" | "redacted" | "lost" | "group";
  /** Null where nothing is in it. */
  expanded: boolean | null;
  /** Of the row that it is in; -1 for none. */
  parent: number;
  /** From 1, among its siblings. */
  position: number;
  siblings: number;
}

type Place = Pick<JsonNode, "parent" | "position" | "siblings">;
type Entry = readonly [key: string, value: unknown];
interface Tagged {
  $type: string;
  value?: unknown;
}

/** What stands for a secret, see `src/runtime/core/redacted.ts`. */
const redactedText = "[redacted]";
const longest = 400;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isTagged = (value: unknown): value is Tagged =>
  isObject(value) && Object.hasOwn(value, "$type") && typeof (value as Tagged).$type === "string";
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const pointer = (path: string, key: string): string =>
  `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** What is in a value that was written as `src/runtime/checkpoint/tags.ts` says; no two of one key. */
function entriesOf(value: unknown): Entry[] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item] as const);
  if (!isObject(value)) return [];
  if (!isTagged(value)) return Object.entries(value);
  const distinct = new Distinct();
  return taggedEntries(value).map(([key, item]) => [distinct.of(key), item]);
}

function taggedEntries(value: Tagged): Entry[] {
  const pairs = (list: unknown): Entry[] =>
    listOf(list).flatMap((pair) => (Array.isArray(pair) ? [[keyText(pair[0]), pair[1] as unknown]] : []));
  switch (value.$type) {
    case "Map":
    case "Object":
    case "NullObject":
      return pairs(value.value);
    case "Array":
      return pairs(listOf(value.value)[1]);
    case "Set":
      return listOf(value.value).map((item, index) => [String(index), item] as const);
    case "Error": {
      const { fields, ...rest } = isObject(value.value) ? (value.value as { fields?: unknown }) : {};
      return [...Object.entries(rest), ...pairs(fields)];
    }
    default:
      return [];
  }
}

const keyText = (key: unknown): string => (typeof key === "string" ? key : textOf(key, entriesOf(key)).text);

function textOf(value: unknown, entries: readonly Entry[]): Pick<JsonNode, "text" | "kind"> {
  if (typeof value === "string") {
    if (value === redactedText) return { text: "redacted", kind: "redacted" };
    return { text: JSON.stringify(cut(value)), kind: "text" };
  }
  if (typeof value === "number") return { text: String(value), kind: "number" };
  if (!isObject(value)) return { text: String(value), kind: "word" };
  if (Array.isArray(value)) return { text: `[${value.length}]`, kind: "group" };
  if (!isTagged(value)) return { text: `{${entries.length}}`, kind: "group" };
  const { $type: type, value: held } = value;
  // Whoever wrote it may have put anything there, also what has no text of its own.
  const shown = cut(typeof held === "string" ? held : JSON.stringify(held ?? null));
  if (type === "lost") return { text: `not kept (${shown})`, kind: "lost" };
  if (type === "undefined") return { text: "undefined", kind: "word" };
  if (type === "ref") return { text: `↩ the same as object ${shown}`, kind: "word" };
  if (type === "number" || type === "bigint")
    return { text: `${shown}${type === "bigint" ? "n" : ""}`, kind: "number" };
  if (entries.length > 0 || type === "Map" || type === "Set")
    return { text: `${cut(type)}(${entries.length})`, kind: "group" };
  return { text: `${cut(type)} ${shown}`, kind: "word" };
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** The lines of a value that are in sight where these paths are open. */
export function jsonNodes(value: unknown, open: ReadonlySet<string>): JsonNode[] {
  const nodes: JsonNode[] = [];
  const add = (key: string | null, item: unknown, path: string, depth: number, place: Place): void => {
    const entries = entriesOf(item);
    const expanded = entries.length === 0 ? null : open.has(path);
    const row = nodes.length;
    nodes.push({
      path,
      depth,
      key: key === null ? null : cut(key),
      ...textOf(item, entries),
      expanded,
      ...place,
    });
    if (expanded !== true) return;
    const siblings = entries.length;
    for (const [i, [name, child]] of entries.entries())
      add(name, child, pointer(path, name), depth + 1, { parent: row, position: i + 1, siblings });
  };
  add(null, value, "", 0, { parent: -1, position: 1, siblings: 1 });
  return nodes;
}

/** Where a text stands in keys and values, in order, and what has to be open to see it. */
export function searchJson(
  value: unknown,
  text: string,
  most = 1000,
): { found: string[]; open: Set<string> } {
  const wanted = text.toLowerCase();
  const found: string[] = [];
  const open = new Set<string>();
  const look = (key: string | null, item: unknown, path: string): boolean => {
    if (found.length >= most) return false;
    const entries = entriesOf(item);
    const own =
      key?.toLowerCase().includes(wanted) === true ||
      (entries.length === 0 && fullText(item).toLowerCase().includes(wanted));
    if (own) found.push(path);
    let below = false;
    for (const [name, child] of entries) if (look(name, child, pointer(path, name))) below = true;
    if (below) open.add(path);
    return own || below;
  };
  if (wanted !== "") look(null, value, "");
  return { found, open };
}

const fullText = (value: unknown): string => (typeof value === "string" ? value : textOf(value, []).text);
