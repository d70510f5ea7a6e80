import { beginning, isExactly, tooDeep } from "../core/clone.ts";
import { REDACTED } from "../core/redacted.ts";
import { attempt, binaryOf, keysOf, kindOf, nameOf, read, unreadable } from "./inspect.ts";
import { Order } from "./order.ts";
import { isHidden, redactText } from "./redact.ts";
import { deepest, isPrototypeKey } from "./tags.ts";
import { type KeyText, keyText, TextMemo } from "./textMemo.ts";

/** A value as compact JSON (see tags.ts). */
export interface EncodedText {
  /** JSON that reads and writes again as the same text. */
  text: string;
  /** Paths of what could not be kept, for example `task.callback (function)`. */
  lost: string[];
  /** How many secrets were replaced. */
  redactions: number;
}

/** Encodes and redacts in one pass; never throws for a value it cannot keep, but names its path. */
export class Encoder {
  readonly #memo = new TextMemo();

  /** `root` is what paths begin with. */
  encode(value: unknown, root: string): EncodedText {
    const walk = new Walk(root, this.#memo);
    const text = walk.value(value);
    return { text, lost: walk.lost, redactions: walk.redactions };
  }
}

const tag = (type: string, json: string): string => `{"$type":"${type}","value":${json}}`;
const undefinedTag = '{"$type":"undefined"}';
const redactedJson = JSON.stringify(REDACTED);
const nameOfKey = (key: unknown): string => {
  if (key === null || typeof key === "symbol") return String(key);
  return typeof key === "object" || typeof key === "function" ? `<${typeof key}>` : `${key as number}`;
};
/** Object.hasOwn of a Proxy may throw. */
const isUnsafe = (key: string, item: unknown): boolean =>
  key === "__proto__" || (key === "constructor" && attempt(() => isPrototypeKey(key, item)) !== false);

class Walk {
  readonly lost: string[] = [];
  redactions = 0;
  readonly #memo: TextMemo;
  readonly #path: (string | number)[];
  readonly #begun = new Order();

  constructor(root: string, memo: TextMemo) {
    this.#path = root === "" ? [] : [root];
    this.#memo = memo;
  }

  value(value: unknown): string {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        if (value === 0) return Object.is(value, -0) ? tag("number", '"-0"') : "0";
        return Number.isFinite(value) ? String(value) : tag("number", `"${value}"`);
      case "boolean":
        return value ? "true" : "false";
      case "undefined":
        return undefinedTag;
      case "bigint":
        return tag("bigint", `"${value.toString()}"`);
      case "symbol":
        return this.#lose(value === unreadable ? "unreadable" : "symbol");
      case "function":
        return this.#lose("function");
      default:
        return value === null ? "null" : this.#object(value as object);
    }
  }

  #text(text: string): string {
    const known = this.#memo.find(text);
    if (known !== undefined) return known;
    const { json, count } = this.#memo.read(text);
    this.redactions += count;
    return json;
  }

  #lose(given: string): string {
    const what = this.#redacted(given);
    this.#note(what);
    return tag("lost", JSON.stringify(what));
  }

  #note(what: string): void {
    const path = this.#path.length === 0 ? "value" : this.#path.join(".");
    this.lost.push(`${what === tooDeep ? beginning(path) : path} (${what})`);
  }

  #redacted(name: string): string {
    const { text, count } = redactText(name);
    this.redactions += count;
    return text;
  }

  /** Instead of an object that has begun, but has no parts yet. */
  #instead(value: object, json: string): string {
    this.#begun.takeBack(value);
    return json;
  }

  #at(key: string | number, value: unknown): string {
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number" || typeof value === "boolean" || value === null) return this.value(value);
    this.#path.push(key);
    const json = this.value(value);
    this.#path.pop();
    return json;
  }

  #object(value: object): string {
    const place = this.#begun.add(value);
    if (place !== null) return tag("ref", String(place));
    if (this.#path.length > deepest) return this.#instead(value, this.#lose(tooDeep));
    const kind = kindOf(value);
    if (kind === "other") return this.#other(value);
    const keys = kind === "unreadable" ? null : keysOf(value);
    if (keys === null) return this.#instead(value, this.#lose("unreadable"));
    if (kind === "array") return this.#array(value as unknown[], keys);
    if (kind === "null record") return tag("NullObject", this.#pairs(value, keys));
    if (keys.includes("$type")) return tag("Object", this.#pairs(value, keys));
    let json = "";
    let used: string[] | undefined;
    for (const key of keys) {
      const item = read(value, key);
      if (isUnsafe(key, item)) {
        this.#losePrototypeKey(key);
        continue;
      }
      const known = this.#memo.key(key);
      const name = known.count === 0 ? known : this.#secretKey(known, keys, (used ??= []));
      json += (json === "" ? name.first : name.next) + this.#entry(name, item);
    }
    return json === "" ? "{}" : `${json}}`;
  }

  #losePrototypeKey(key: string): void {
    this.#path.push(key);
    this.#note("prototype key");
    this.#path.pop();
  }

  /** A key that is a secret itself; several of them in one record stay apart. */
  #secretKey({ text, secrecy, count }: KeyText, keys: readonly unknown[], used: string[]): KeyText {
    this.redactions += count;
    let name = text;
    for (let n = 2; keys.includes(name) || used.includes(name); n += 1) name = `${text} ${n}`;
    used.push(name);
    return keyText(name, secrecy, count);
  }

  #entry({ text, secrecy }: Pick<KeyText, "text" | "secrecy">, item: unknown): string {
    if (!isHidden(secrecy, item)) return this.#at(text, item);
    this.redactions += 1;
    return redactedJson;
  }

  /** [[key, value], …] */
  #pairs(value: object, keys: readonly (string | number)[]): string {
    const pairs: string[] = [];
    const used: string[] = [];
    for (const key of keys) {
      const item = read(value, key);
      if (typeof key === "number") {
        pairs.push(`[${key},${this.#at(key, item)}]`);
      } else if (isUnsafe(key, item)) {
        this.#losePrototypeKey(key);
      } else {
        const known = this.#memo.key(key);
        const name = known.count === 0 ? known : this.#secretKey(known, keys, used);
        pairs.push(`[${name.json},${this.#entry(name, item)}]`);
      }
    }
    return `[${pairs.join(",")}]`;
  }

  #array(value: unknown[], keys: string[]): string {
    const length = read(value, "length");
    if (typeof length !== "number") return this.#instead(value, this.#lose("unreadable"));
    if (attempt(() => isPlainArray(value)) !== true)
      this.#note(`class ${this.#redacted(nameOf(value))} of an array`);
    // Holes make fewer keys than items, names make more; where both are, the last key is a name.
    if (keys.length !== length || (length > 0 && keys.at(-1) !== String(length - 1))) {
      const places = keys.map((key) => (isIndex(key) ? Number(key) : key));
      return tag("Array", `[${length},${this.#pairs(value, places)}]`);
    }
    let json = "[";
    for (let i = 0; i < length; i += 1) {
      if (i > 0) json += ",";
      json += this.#at(i, read(value, i));
    }
    return `${json}]`;
  }

  #other(value: object): string {
    if (isExactly<Map<unknown, unknown>>(value, Map)) return this.#map(value);
    if (isExactly<Set<unknown>>(value, Set)) return this.#set(value);
    if (isExactly(value, Date)) return this.#date(value);
    if (value instanceof Error) return this.#error(value);
    if (value instanceof RegExp || value instanceof URL) return this.#textual(value);
    const binary = attempt(() => binaryOf(value));
    if (binary === null) return this.#instead(value, this.#lose(nameOf(value)));
    // A secret in ASCII stays one in base64.
    const { count } = redactText(binary.bytes.toString("latin1"));
    if (count > 0) {
      this.redactions += count;
      return this.#instead(value, redactedJson);
    }
    return tag(binary.type, `"${binary.bytes.toString("base64")}"`);
  }

  #map(value: Map<unknown, unknown>): string {
    const entries = attempt(() => [...value]);
    if (entries === null) return this.#instead(value, this.#lose("unreadable"));
    this.#noteProperties(value, "Map");
    const pairs = entries.map(([key, item]) => {
      const name =
        typeof key === "string"
          ? this.#memo.key(key)
          : { text: this.#redacted(nameOfKey(key)), secrecy: "none" as const };
      return `[${this.#at("<key>", key)},${this.#entry(name, item)}]`;
    });
    return tag("Map", `[${pairs.join(",")}]`);
  }

  #set(value: Set<unknown>): string {
    const items = attempt(() => [...value]);
    if (items === null) return this.#instead(value, this.#lose("unreadable"));
    this.#noteProperties(value, "Set");
    return tag("Set", `[${items.map((item) => this.#at("<item>", item)).join(",")}]`);
  }

  #date(value: Date): string {
    const time = attempt(() => Date.prototype.getTime.call(value));
    if (time === null) return this.#instead(value, this.#lose("unreadable"));
    this.#noteProperties(value, "Date");
    return tag("Date", Number.isNaN(time) ? "null" : `"${new Date(time).toISOString()}"`);
  }

  /** A class of built-in objects that has a text; where the text makes no sense without its secrets it stays a text. */
  #textual(value: RegExp | URL): string {
    const made = attempt(() => {
      const { text, count } = redactText(value instanceof URL ? value.href : value.source);
      if (value instanceof URL) {
        const href = count === 0 ? text : attempt(() => new URL(text).href);
        return { text, count, json: href === null ? null : tag("URL", JSON.stringify(href)) };
      }
      const { flags, lastIndex } = value;
      const valid = count === 0 || attempt(() => new RegExp(text, flags)) !== null;
      const parts = lastIndex === 0 ? [text, flags] : [text, flags, lastIndex];
      return { text, count, json: valid ? tag("RegExp", JSON.stringify(parts)) : null };
    });
    if (made === null) return this.#instead(value, this.#lose("unreadable"));
    this.redactions += made.count;
    if (made.json === null) return this.#instead(value, JSON.stringify(made.text));
    this.#noteProperties(value, nameOf(value));
    return made.json;
  }

  #error(error: Error): string {
    const keys = keysOf(error);
    if (keys === null) return this.#instead(error, this.#lose("unreadable"));
    const text = (key: "name" | "message" | "stack"): string => {
      const item = read(error, key);
      if (typeof item === "string") return this.#text(item);
      this.#path.push(key);
      this.#note(typeof item);
      this.#path.pop();
      return '""';
    };
    let json = `"name":${text("name")},"message":${text("message")}`;
    if (read(error, "stack") !== undefined) json += `,"stack":${text("stack")}`;
    if (error instanceof AggregateError) json += `,"errors":${this.#at("errors", read(error, "errors"))}`;
    if (attempt(() => "cause" in error) === true)
      json += `,"cause":${this.#at("cause", read(error, "cause"))}`;
    const known = ["name", "message", "stack", "cause", "errors"];
    const fields = keys.filter(
      (key) => !known.includes(key) || (key === "errors" && !(error instanceof AggregateError)),
    );
    return tag("Error", `{${json},"fields":${this.#pairs(error, fields)}}`);
  }

  #noteProperties(value: object, type: string): void {
    for (const key of keysOf(value) ?? []) {
      this.#path.push(this.#memo.key(key).text);
      this.#note(`property of a ${type}`);
      this.#path.pop();
    }
  }
}

/** Also of another realm. */
const isPlainArray = (value: unknown[]): boolean =>
  Object.getPrototypeOf(value) === Array.prototype || nameOf(value) === "Array";

const isIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
