import type { ContentDifference } from "../../model/checkpoints.ts";
import { Distinct } from "../../model/distinct.ts";
import { isTagged, keyTexts, referencesIn, type References } from "./references.ts";
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

/** Something in a value. */
interface Part {
  /** In the path that is told. */
  label: string;
  /** What leads to it in the pointers of references. */
  at: string;
  json: unknown;
  /** A key of a map that has parts itself, and what leads to it. */
  key?: { json: unknown; at: string };
}

/** What a value is when it is compared: a leaf, or something whose parts have names of their own. */
type View =
  { kind: "leaf"; text: string } | { kind: "record" | "list"; name: string; parts: Map<string, Part> };

/** One of the two sides: a value, and where it stands. */
interface Side {
  json: unknown;
  at: string;
}

/** Finds what differs between two values as checkpoints store them: tags are seen as what they stand for. */
export class Comparer {
  readonly #found: Differences = { added: 0, removed: 0, changed: 0, differences: [], truncated: false };
  #visited = 0;

  /** @param at where paths begin */
  compare(at: string, a: unknown, b: unknown): void {
    const references = { a: referencesIn(a), b: referencesIn(b) };
    const walk = (path: string, left: Side, right: Side): void => {
      if (left.json === right.json) return;
      this.#visited += 1;
      if (this.#visited > mostVisited) {
        this.#found.truncated = true;
        return;
      }
      const before = viewOf(left, references.a);
      const after = viewOf(right, references.b);
      if (before.kind === "leaf" || after.kind === "leaf" || before.name !== after.name) {
        const [was, is] = [shown(before, left.json), shown(after, right.json)];
        if (before.kind !== after.kind || was !== is || !same(left.json, right.json))
          this.#note("changed", path, was, is);
        return;
      }
      const noted = this.#count;
      if (before.name === "Array" && Array.isArray(left.json) && Array.isArray(right.json))
        trim(before, after);
      for (const [name, part] of before.parts) {
        const to = path + pointerPart(part.label);
        const other = after.parts.get(name);
        if (other === undefined) {
          this.#note("removed", to, shownPart(part, references.a), null);
          continue;
        }
        // Keys whose texts are the same may refer to objects that are not.
        if (part.key && other.key && refersIn(name))
          walk(`${to}/key`, below(left, part.key), below(right, other.key));
        if (before.name !== "Set" || refersIn(name)) walk(to, below(left, part), below(right, other));
      }
      for (const [name, part] of after.parts)
        if (!before.parts.has(name))
          this.#note("added", path + pointerPart(part.label), null, shownPart(part, references.b));
      const [was, is] = [lengthOf(left.json), lengthOf(right.json)];
      if (was !== is && this.#count === noted) this.#note("changed", `${path}/length`, was, is);
    };
    walk(at, { json: a, at: "" }, { json: b, at: "" });
  }

  get result(): Differences {
    return this.#found;
  }

  get #count(): number {
    const { added, removed, changed } = this.#found;
    return added + removed + changed;
  }

  #note(kind: ContentDifference["kind"], path: string, was: string | null, is: string | null): void {
    this.#found[kind] += 1;
    if (this.#found.differences.length < mostListed) {
      const [before, after] = shortened(was, is);
      this.#found.differences.push({ kind, path: path === "" ? "/" : shortPointer(path), before, after });
    } else this.#found.truncated = true;
  }
}

const below = ({ at }: Side, part: { json: unknown; at: string }): Side => ({
  json: part.json,
  at: at + part.at,
});

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || (isReference(a) && isReference(b));
/** Their numbers differ where something else comes before; the texts tell what they stand for. */
const isReference = (json: unknown): boolean => isTagged(json) && json.$type === "ref";

/** What an item of a set, or a key of a map, is known by: references in it are looked at by themselves. */
const nameOf = (json: unknown): string => stableText(json, 0).replace(reference, anyReference);
const reference = /\{"\$type":"ref","value":\d+\}/g;
const anyReference = '{"$type":"ref"}';
const refersIn = (name: string): boolean => name.includes(anyReference);

/** Of an array with holes also where its last ones are some. */
function lengthOf(json: unknown): string | null {
  if (Array.isArray(json)) return String(json.length);
  if (!isTagged(json) || json.$type !== "Array" || !Array.isArray(json.value)) return null;
  return plain(json.value[0]);
}

function viewOf({ json, at }: Side, { targets }: References): View {
  if (typeof json !== "object" || json === null) return { kind: "leaf", text: short(json) };
  if (Array.isArray(json)) return list("Array", json);
  if (!isTagged(json)) return record("Object", Object.entries(json));
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
      return { kind: "leaf", text: `${plain($type)} ${stableText(value, 0)}` };
  }
}

const list = (name: string, items: readonly unknown[]): View => ({
  kind: "list",
  name,
  parts: new Map(items.map((json, i) => [String(i), { label: String(i), at: `/${i}`, json }])),
});

const record = (name: string, entries: readonly [string, unknown][]): View => ({
  kind: "record",
  name,
  parts: new Map(entries.map(([key, json]) => [key, { label: key, at: pointerPart(key), json }])),
});

/** What is alike at both ends is left out, so that an item that was put in or taken out is one difference. */
function trim(before: { parts: Map<string, Part> }, after: { parts: Map<string, Part> }): void {
  const [a, b] = [[...before.parts], [...after.parts]];
  if (a.length === b.length || Math.max(a.length, b.length) > mostTrimmed) return;
  const textOf = ([, { json }]: [string, Part]): string => stableText(json, 0);
  const [left, right] = [a.map(textOf), b.map(textOf)];
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  before.parts = new Map(a.slice(head, a.length - tail));
  after.parts = new Map(b.slice(head, b.length - tail));
}

function pairs(name: string, value: unknown): View {
  if (!Array.isArray(value)) return { kind: "leaf", text: name };
  const labels = keyTexts(value);
  const distinct = new Distinct();
  const entries = (value as unknown[]).flatMap((pair, i): [string, Part][] => {
    if (!Array.isArray(pair)) return [];
    // A pair that somebody wrote may be empty.
    const [key = null, json] = pair as [unknown, unknown];
    const label = labels[i] as string;
    const part: Part = { label, at: pointerPart(label), json };
    // Only a map tells "1" from 1.
    if (name !== "Map") return [[label, part]];
    if (typeof key === "object" && key !== null) {
      part.label = cut(stableText(key, 0));
      part.key = { json: key, at: `/${i}/key` };
    }
    return [[distinct.of(nameOf(key)), part]];
  });
  return { kind: "record", name, parts: new Map(entries) };
}

/** Its items have no place: what is in both is the same. */
function set(value: unknown): View {
  if (!Array.isArray(value)) return { kind: "leaf", text: "Set" };
  const distinct = new Distinct();
  const parts = value.map((json: unknown, i): [string, Part] => [
    distinct.of(nameOf(json)),
    { label: cut(stableText(json, 0)), at: `/${i}`, json },
  ]);
  return { kind: "list", name: "Set", parts: new Map(parts) };
}

const shownPart = ({ json }: Part, references: References): string =>
  shown(viewOf({ json, at: "" }, references), json);

const shown = (view: View, json: unknown): string => {
  if (view.kind === "leaf") return view.text;
  const size = view.parts.size;
  const text = size > 20 ? "" : stableText(json, 0);
  if (text !== "" && text.length <= longestValue) return text;
  return view.name === "Object" ? `{${size} fields}` : `${view.name}(${size})`;
};

const short = (json: unknown): string => (json === undefined ? "undefined" : JSON.stringify(json));
/** Anything may stand there, also what has no text of its own. */
const plain = (json: unknown): string => (typeof json === "string" ? json : short(json));

/** Of a long text both ends: where many begin the same way, these tell them apart. */
const cut = (text: string): string =>
  text.length <= longestValue ? text : `${text.slice(0, longestValue - 40)}…${text.slice(-39)}`;

/** Two texts as they are shown: of long ones that around the first difference. */
function shortened(before: string | null, after: string | null): [string | null, string | null] {
  if (before === null || after === null) return [before && cut(before), after && cut(after)];
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  const from = same < longestValue / 2 ? 0 : same - longestValue / 4;
  const around = (text: string): string => {
    if (text.length <= longestValue) return text;
    const end = from + longestValue - 2;
    return `${from === 0 ? "" : "…"}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
  };
  return [around(before), around(after)];
}
