import { describe, expect, it } from "vitest";
import { encode } from "../../../src/runtime/checkpoint/codec.ts";
import { jsonNodes, searchJson } from "../../../src/webview/kit/jsonNodes.ts";

const lines = (value: unknown, ...open: string[]) =>
  jsonNodes(value, new Set(["", ...open])).map(({ depth, key, text }) => `${depth} ${key ?? "."} ${text}`);

describe("A JSON value as a tree", () => {
  it("shows what is open, and no more", () => {
    const value = { a: 1, list: ["x", { deep: true }], none: null };
    expect(lines(value)).toEqual(["0 . {3}", "1 a 1", "1 list [2]", "1 none null"]);
    expect(lines(value, "/list", "/list/1")).toEqual([
      "0 . {3}",
      "1 a 1",
      "1 list [2]",
      '2 0 "x"',
      "2 1 {1}",
      "3 deep true",
      "1 none null",
    ]);
  });

  it("tells of each row which of its siblings it is", () => {
    const nodes = jsonNodes({ a: 1, list: ["x", "y"] }, new Set(["", "/list"]));
    expect(nodes.map(({ path, position, siblings }) => `${path} ${position}/${siblings}`)).toEqual([
      ...[" 1/1", "/a 1/2", "/list 2/2", "/list/0 1/2", "/list/1 2/2"],
    ]);
  });

  it("knows what checkpoints write for values that JSON has not", () => {
    const value: Record<string, unknown> = {
      map: new Map([["k", new Date(0)]]),
      set: new Set([1n]),
      hole: [1, undefined],
      url: new URL("https://example.org/a"),
      nan: NaN,
      error: new TypeError("bad"),
      call: () => 1,
    };
    value.self = value;
    const { json } = encode(value);
    const shown = lines(json, "/map", "/set", "/error");
    expect(shown).toEqual(
      expect.arrayContaining([
        "1 map Map(1)",
        "2 k Date 1970-01-01T00:00:00.000Z",
        "1 set Set(1)",
        "2 0 1n",
        "1 url URL https://example.org/a",
        "1 nan NaN",
        '2 message "bad"',
        "1 call not kept (function)",
        "1 self ↩ the same as object 0",
      ]),
    );
  });

  it("keeps keys of maps apart that read the same", () => {
    const keys = [1, "1", { a: 1 }, { b: 2 }];
    const { json } = encode(new Map(keys.map((key, i) => [key, { value: i }])));
    expect(lines(json, "/1 (2)", "/{1} (2)")).toEqual([
      ...["0 . Map(4)", "1 1 {1}", "1 1 (2) {1}", "2 value 1", "1 {1} {1}", "1 {1} (2) {1}", "2 value 3"],
    ]);
    expect(searchJson(json, "3").found).toEqual(["/{1} (2)/value"]);
  });

  it("marks what was redacted, and shortens long texts", () => {
    const [, secret, long] = jsonNodes({ secret: "[redacted]", long: "x".repeat(5000) }, new Set([""]));
    expect(secret).toMatchObject({ kind: "redacted", text: "redacted" });
    expect(long?.text.length).toBeLessThan(450);
  });

  it("shows whatever stands in place of what checkpoints write, and no more than the beginning of it", () => {
    const odd = { toString: 1, valueOf: 1 };
    const tags = ["number", "bigint", "lost", "ref", "Date", "undefined", "x".repeat(5000)];
    const value = Object.fromEntries(tags.map(($type) => [$type, { $type, value: odd }]));
    const digits = { $type: "bigint", value: "9".repeat(100_000) };
    const nodes = jsonNodes({ ...value, digits }, new Set([""]));
    expect(nodes).toHaveLength(tags.length + 2);
    for (const { text, key } of nodes) expect(Math.max(text.length, key?.length ?? 0)).toBeLessThan(900);
  });

  it("escapes keys in paths, and shows the keys of prototypes as what they are: text", () => {
    const value = JSON.parse('{"a/b": {"~": 1}, "__proto__": {"polluted": true}}') as unknown;
    const nodes = jsonNodes(value, new Set(["", "/a~1b", "/__proto__"]));
    expect(nodes.map(({ path }) => path)).toEqual([
      "",
      "/a~1b",
      "/a~1b/~0",
      "/__proto__",
      "/__proto__/polluted",
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("does not stumble over tags that lie", () => {
    const lies = [
      "Map",
      "Set",
      "Array",
      "Object",
      "Error",
      "Date",
      "ref",
      "lost",
      "number",
      "unheard of",
    ].flatMap(($type) => [
      { $type },
      { $type, value: 7 },
      { $type, value: [7, null, [[]]] },
      { $type, value: { a: 1 } },
    ]);
    expect(() => jsonNodes(lies, new Set(["", ...lies.map((_, i) => `/${i}`)]))).not.toThrow();
  });

  it("finds keys and values, and opens the way to them", () => {
    const value = { user: { name: "Ada", tags: ["admin", "ADA"] }, note: "nothing" };
    const { found, open } = searchJson(value, "ada");
    expect(found).toEqual(["/user/name", "/user/tags/1"]);
    expect([...open].sort()).toEqual(["", "/user", "/user/tags"]);
    expect(searchJson(value, "")).toEqual({ found: [], open: new Set() });
    expect(searchJson(Array(5000).fill("x"), "x").found).toHaveLength(1000);
  });
});
