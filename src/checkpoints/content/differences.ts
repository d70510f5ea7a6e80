import type { ContentDifference } from "../../model/checkpoints.ts";
import { isTagged, keyText, referencesIn, type References } from "./references.ts";
import { stableText } from "./stableText.ts";
import { pointerPart, shortPointer } from "./walk.ts";

const mostListed = 500;
const mostVisited = 500_000;
const longestValue = 120;
const mostTrimmed = 10_000;

export interface Differences {
  added: number;
  removed: number;
  changed: number;
  differences: ContentDifference[];
  truncated: boolean;
}

/** What a value is when it is compared: a leaf, or something with parts. */
type View =
  { kind: "leaf"; text: string } | { kind: "record" | "list"; name: string; parts: Map<string, unknown> };

/** Finds what differs between two values as checkpoints store them: tags are seen as what they stand for. */
export class Comparer {
  readonly #found: Differences = { added: 0, removed: 0, changed: 0, differences: [], truncated: false };
  #visited = 0;

  /** @param at where paths begin */
  compare(at: string, a: unknown, b: unknown): void {
    const references = { a: referencesIn(a), b: referencesIn(b) };
    const walk = (path: string, inner: string, left: unknown, right: unknown): void => {
      if (left === right) return;
      this.#visited += 1;
      if (this.#visited > mostVisited) {
        this.#found.truncated = true;
        return;
      }
      const before = viewOf(left, inner, references.a);
      const after = viewOf(right, inner, references.b);
      if (before.kind === "leaf" || after.kind === "leaf" || before.name !== after.name) {
        const [was, is] = [shown(before, left), shown(after, right)];
        if (before.kind !== after.kind || was !== is || !same(left, right))
          this.#note("changed", path, was, is);
        return;
      }
      if (before.name === "Array" && Array.isArray(left) && Array.isArray(right)) trim(before, after);
      for (const [key, item] of before.parts) {
        const part = pointerPart(key);
        if (after.parts.has(key)) walk(path + part, inner + part, item, after.parts.get(key));
        else this.#note("removed", path + part, shown(viewOf(item, "", references.a), item), null);
      }
      for (const [key, item] of after.parts)
        if (!before.parts.has(key))
          this.#note("added", path + pointerPart(key), null, shown(viewOf(item, "", references.b), item));
    };
    walk(at, "", a, b);
  }

  get result(): Differences {
    return this.#found;
  }

  #note(kind: ContentDifference["kind"], path: string, before: string | null, after: string | null): void {
    this.#found[kind] += 1;
    if (this.#found.differences.length < mostListed)
      this.#found.differences.push({ kind, path: path === "" ? "/" : shortPointer(path), before, after });
    else this.#found.truncated = true;
  }
}

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || (isReference(a) && isReference(b));
/** Their numbers differ where something else comes before; the texts tell what they stand for. */
const isReference = (json: unknown): boolean => isTagged(json) && json.$type === "ref";

function viewOf(json: unknown, at: string, { targets }: References): View {
  if (typeof json !== "object" || json === null) return { kind: "leaf", text: short(json) };
  if (Array.isArray(json)) return list("Array", json);
  if (!isTagged(json)) return { kind: "record", name: "Object", parts: new Map(Object.entries(json)) };
  const { $type, value } = json;
  switch ($type) {
    case "ref":
      return { kind: "leaf", text: `→ ${targets.get(at) ?? `object ${short(value)}`}` };
    case "undefined":
      return { kind: "leaf", text: "undefined" };
    case "lost":
      return { kind: "leaf", text: `not kept: ${short(value)}` };
    case "number":
      return { kind: "leaf", text: plain(value) };
    case "bigint":
      return { kind: "leaf", text: `${plain(value)}n` };
    case "Set":
      return set(value);
    case "Map":
    case "Object":
    case "NullObject":
      return pairs($type, value);
    case "Array":
      return Array.isArray(value) ? pairs("Array", value[1]) : { kind: "leaf", text: "Array" };
    default:
      return { kind: "leaf", text: cut(`${plain($type)} ${stableText(value, 0)}`) };
  }
}

const list = (name: string, items: readonly unknown[]): View => ({
  kind: "list",
  name,
  parts: new Map(items.map((item, i) => [String(i), item])),
});

/** What is alike at both ends is left out, so that an item that was put in or taken out is one difference. */
function trim(before: { parts: Map<string, unknown> }, after: { parts: Map<string, unknown> }): void {
  const [a, b] = [[...before.parts.values()], [...after.parts.values()]];
  if (a.length === b.length || Math.max(a.length, b.length) > mostTrimmed) return;
  const [left, right] = [a.map((item) => stableText(item, 0)), b.map((item) => stableText(item, 0))];
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const middle = (items: unknown[]) =>
    new Map(items.slice(head, items.length - tail).map((item, i) => [String(head + i), item]));
  before.parts = middle(a);
  after.parts = middle(b);
}

function pairs(name: string, value: unknown): View {
  if (!Array.isArray(value)) return { kind: "leaf", text: name };
  const entries = (value as unknown[]).flatMap((pair, i): [string, unknown][] =>
    Array.isArray(pair) ? [[keyText(pair[0], i), pair[1] as unknown]] : [],
  );
  return { kind: "record", name, parts: new Map(entries) };
}

/** Its items have no place: what is in both is the same. */
function set(value: unknown): View {
  if (!Array.isArray(value)) return { kind: "leaf", text: "Set" };
  return { kind: "list", name: "Set", parts: new Map(value.map((item) => [cut(stableText(item, 0)), item])) };
}

const shown = (view: View, json: unknown): string => {
  if (view.kind === "leaf") return view.text;
  const size = view.parts.size;
  const text = size > 20 ? "" : stableText(json, 0);
  if (text !== "" && text.length <= longestValue) return text;
  return view.name === "Object" ? `{${size} fields}` : `${view.name}(${size})`;
};

const short = (json: unknown): string => (json === undefined ? "undefined" : cut(JSON.stringify(json)));
/** Anything may stand there, also what has no text of its own. */
const plain = (json: unknown): string => (typeof json === "string" ? cut(json) : short(json));
const cut = (text: string): string =>
  text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
