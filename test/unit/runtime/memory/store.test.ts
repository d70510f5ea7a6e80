import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AgentUsageError,
  MemoryAccessError,
  MemoryStore,
  redact,
  SharedContext,
} from "../../../../src/runtime/index.ts";
import { mayRetry } from "../../../../src/runtime/core/retry.ts";
import { TestAgent } from "../core/testAgent.ts";

let root: string;
let folder: string;
let time: number;
let warnings: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "memory-"));
  folder = join(root, ".proj-intel", "memory");
  time = 1_000_000;
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const onDisk = (options?: object) =>
  new MemoryStore({ folder, now: () => time, onWarning: (message) => warnings.push(message), ...options });

describe.each([
  { where: "in the process", open: (options?: object) => new MemoryStore({ now: () => time, ...options }) },
  { where: "on disk", open: onDisk },
])("memory $where", ({ open }) => {
  it("keeps copies of values of all kinds, undefined too", () => {
    const mine = open().of("a");
    const value = {
      map: new Map([["k", new Set([1n])]]),
      date: new Date(0),
      bytes: new Uint8Array([1, 2]),
      error: new TypeError("no"),
      list: [undefined, NaN, -0],
    };
    mine.set("v", value);
    const first = mine.get("v") as typeof value;
    expect(first).toEqual(value);
    value.list.push(1);
    first.map.clear();
    expect((mine.get("v") as typeof value).list).toHaveLength(3);
    expect((mine.get("v") as typeof value).map.size).toBe(1);
    mine.set("nothing", undefined);
    expect([mine.has("nothing"), mine.get("nothing"), mine.entry("nothing")?.value]).toEqual([
      true,
      undefined,
      undefined,
    ]);
    expect([mine.has("other"), mine.get("other"), mine.entry("other")]).toEqual([false, undefined, null]);
  });

  it("takes an agent or its name, and nothing else", () => {
    const store = open();
    store.of(new TestAgent(() => null, {}, { name: "a" })).set("k", 1);
    expect(store.of("a").get("k")).toBe(1);
    expect(store.of("a")).toMatchObject({ agent: "a", owner: "a" });
    for (const none of ["", " ", null, {}, 5, { metadata: {} }]) {
      expect(() => store.of(none as string)).toThrow(AgentUsageError);
    }
  });

  it("is apart for each agent and namespace", () => {
    const store = open();
    store.of("a").set("k", 1);
    store.of("a").set("k", 2, { namespace: "notes" });
    store.of("a/notes").set("k", 3);
    store.of("b").set("k", 4, { namespace: "notes" });
    expect(store.of("a").get("k")).toBe(1);
    expect(store.of("a").get("k", { namespace: "notes" })).toBe(2);
    expect(store.of("a/notes").get("k")).toBe(3);
    expect(store.of("b").get("k")).toBeUndefined();
    expect(store.of("a").namespaces()).toEqual(["default", "notes"]);
    expect(store.agents()).toEqual(["a", "a/notes", "b"]);
  });

  it("keeps keys of prototypes as any other", () => {
    const mine = open().of("__proto__");
    for (const key of ["__proto__", "constructor", "toString"]) {
      expect(mine.has(key)).toBe(false);
      mine.set(key, key, { namespace: key });
      mine.set(key, key);
    }
    expect(mine.keys()).toEqual(["__proto__", "constructor", "toString"]);
    expect(mine.get("__proto__", { namespace: "__proto__" })).toBe("__proto__");
    expect(mine.namespaces()).toEqual(["__proto__", "constructor", "default", "toString"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("lists in the order of writing, deletes, clears", () => {
    const mine = open().of("a");
    for (const key of ["x1", "x2", "y1"]) mine.set(key, key);
    time += 5;
    const info = mine.set("x1", "again", { tags: ["t", "t"] });
    expect(info).toEqual({
      key: "x1",
      namespace: "default",
      tags: ["t"],
      writtenAt: 1_000_005,
      writtenBy: "a",
      expiresAt: null,
      redactions: 0,
    });
    expect(mine.keys()).toEqual(["x2", "y1", "x1"]);
    expect(mine.entry("x1")).toEqual({ ...info, value: "again" });
    expect(mine.entries({ keyPrefix: "x" }).map(({ value }) => value)).toEqual(["x2", "again"]);
    expect([mine.delete("x2"), mine.delete("x2")]).toEqual([true, false]);
    expect(mine.clear({ keyPrefix: "x" })).toBe(1);
    expect(mine.clear()).toBe(1);
    expect(mine.clear({ namespace: "never" })).toBe(0);
    expect([mine.keys(), mine.namespaces()]).toEqual([[], []]);
  });

  it("forgets what has expired, to the millisecond", () => {
    const store = open();
    const mine = store.of("a");
    mine.set("short", 1, { ttlMs: 10 });
    mine.set("long", 1, { ttlMs: 100 });
    mine.set("ever", 1);
    time += 9;
    expect(mine.has("short")).toBe(true);
    time += 1;
    expect([mine.has("short"), mine.get("short"), mine.delete("short")]).toEqual([false, undefined, false]);
    expect(mine.keys()).toEqual(["long", "ever"]);
    expect(mine.search("short")).toEqual([]);
    mine.set("long", 2);
    time += 1000;
    mine.set("brief", 1, { ttlMs: 1, namespace: "n" });
    time += 1;
    expect(mine.namespaces()).toEqual(["default"]);
    expect([store.purge(), store.purge()]).toEqual([1, 0]);
    expect(mine.keys()).toEqual(["ever", "long"]);
    mine.set("again", 1, { ttlMs: 1 });
    time += 1;
    expect(mine.clear()).toBe(2);
  });

  it("drops what was least recently written where a namespace is full", () => {
    const mine = open({ maxEntries: 2 }).of("a");
    mine.set("expired", 0, { ttlMs: 1 });
    mine.set("1", 1);
    time += 1;
    mine.set("2", 2);
    mine.set("1", "again");
    mine.set("3", 3);
    expect(mine.keys()).toEqual(["1", "3"]);
    mine.set("3", 4);
    expect(mine.keys()).toEqual(["1", "3"]);
    mine.set("other", 1, { namespace: "other" });
    expect(mine.keys()).toEqual(["1", "3"]);
  });

  it("is changed by update() as a whole, or not at all", () => {
    const mine = open().of("a");
    const count = (value: unknown) => ((value as number | undefined) ?? 0) + 1;
    expect([mine.update("n", count), mine.update("n", count), mine.get("n")]).toEqual([1, 2, 2]);
    const failing = () => {
      throw new RangeError("mine");
    };
    expect(() => mine.update("n", failing)).toThrow(RangeError);
    expect(() => mine.update("n", () => Promise.resolve(1))).toThrow(
      /cannot be kept whole: value \(Promise\)/,
    );
    expect(() => mine.update("n", () => mine.set("m", 1))).toThrow(/do not write from within update/);
    expect(mine.update("n", () => mine.get("n"))).toBe(2);
    mine.set("n", 5);
    expect([mine.get("n"), mine.has("m")]).toEqual([5, false]);
  });

  it("says what it cannot keep, and then keeps nothing", () => {
    const mine = open().of("a");
    class Own {
      x = 1;
    }
    const bad = { deep: { run: () => 1, own: new Own() }, ok: 1 };
    expect(() => mine.set("k", bad)).toThrow(AgentUsageError);
    expect(() => mine.set("k", bad)).toThrow(
      'The value of "k" cannot be kept whole: deep.run (function), deep.own (Own). Nothing was stored',
    );
    expect(mine.keys()).toEqual([]);
    for (const ttlMs of [0, -1, NaN, Infinity]) expect(() => mine.set("k", 1, { ttlMs })).toThrow(/ttlMs/);
    for (const key of ["", 5 as unknown as string]) expect(() => mine.set(key, 1)).toThrow(/A key is a text/);
    expect(() => mine.set("k".repeat(513), 1)).toThrow(/513 characters/);
    expect(() => mine.set("k", 1, { namespace: "" })).toThrow(/A namespace is a text/);
    expect(() => mine.set("k", 1, { tags: [""] })).toThrow(/A tag is a text/);
    expect(mine.keys()).toEqual([]);
    for (const maxEntries of [0, -1, 1.5, NaN]) expect(() => open({ maxEntries })).toThrow(/maxEntries/);
  });

  it("refuses times that could not be read again, and what is none of its settings", () => {
    const mine = open().of("a");
    const settings = [
      ...["5", [5], new Date(), true, 5n, null].map((ttlMs) => ({ ttlMs })),
      ...["abc", { 0: "a" }, 5, null, [5]].map((tags) => ({ tags })),
      null,
      5,
      "default",
    ];
    for (const options of settings as never[]) {
      expect(() => mine.set("k", 1, options)).toThrow(AgentUsageError);
      expect(() => mine.update("k", () => 1, options)).toThrow(AgentUsageError);
    }
    expect(mine.keys()).toEqual([]);
    for (const now of [() => new Date(), () => "5", () => NaN, 5, null] as never[]) {
      expect(() => open({ now })).toThrow(AgentUsageError);
      expect(() => open({ now })).toThrow(/The option "now" of a MemoryStore/);
    }
    let time: unknown = 5;
    const late = open({ now: () => time as number }).of("a");
    time = new Date();
    expect(() => late.set("k", 1)).toThrow(AgentUsageError);
    for (const nothing of [null, 5] as never[]) {
      for (const use of [
        () => mine.grant(nothing),
        () => mine.revoke(nothing),
        () => mine.get("k", nothing),
        () => mine.keys(nothing),
        () => mine.search(nothing),
        () => mine.search({ text: 5 as never }),
        () => mine.search({ tags: "abc" as never }),
        () => new SharedContext().grant(nothing),
        () => new SharedContext().revoke(nothing),
      ]) {
        expect(use).toThrow(AgentUsageError);
      }
    }
  });

  it("keeps no secrets, and counts them", () => {
    const mine = open().of("a");
    const secret = `sk-${"a".repeat(30)}`;
    const value = { text: `use ${secret}`, password: "hunter22", none: 1 };
    const { redactions } = mine.set("k", value);
    expect(redactions).toBe(2);
    expect(mine.get("k")).toEqual(redact(value).value);
    expect(mine.set("apiKey", "abc").redactions).toBe(1);
    expect(mine.get("apiKey")).toBe("[redacted]");
    expect(mine.set("apiKey", { a: 1 }).redactions).toBe(1);
    for (const plain of ["[redacted]", "", null, 5]) {
      expect(mine.set("apiKey", plain).redactions).toBe(0);
      expect(mine.get("apiKey")).toBe(plain);
    }
    expect(() => mine.set(secret, 1)).toThrow(/looks like a secret/);
    expect(() => mine.set("k", 1, { tags: [secret] })).toThrow(/looks like a secret/);
    try {
      mine.set(secret, 1);
    } catch (error) {
      expect(String(error)).not.toContain(secret);
    }
  });

  it("is shared by grants only, which are listed and taken back", () => {
    const store = open();
    const [a, b] = [store.of("a"), store.of("b")];
    a.set("plan", 1);
    a.set("notes/1", 1);
    a.set("plan", 2, { namespace: "n" });
    const seen = b.shared("a");
    expect(seen).toMatchObject({ agent: "b", owner: "a" });
    const refused = [
      () => seen.get("plan"),
      () => seen.has("never"),
      () => seen.entry("plan"),
      () => seen.keys(),
      () => seen.entries(),
      () => seen.search("plan"),
      () => seen.set("plan", 1),
      () => seen.update("plan", () => 1),
      () => seen.delete("plan"),
      () => seen.clear(),
    ];
    for (const use of refused) expect(use).toThrow(MemoryAccessError);
    expect(seen.namespaces()).toEqual([]);
    expect(() => seen.get("plan")).toThrow(
      'Agent "b" may not read "plan" in namespace "default" of agent "a": the memory of agent "a" can allow it with ' +
        'grant({ to: "b", key: "plan", access: "read" }).',
    );
    expect(() => seen.clear({ namespace: "n" })).toThrow(
      'grant({ to: "b", namespace: "n", access: "write" })',
    );

    const grant = a.grant({ to: "b", key: "plan" });
    expect(grant).toEqual({
      from: "a",
      to: "b",
      namespace: "default",
      key: "plan",
      keyPrefix: null,
      access: "read",
    });
    expect([seen.get("plan"), seen.keys(), seen.namespaces()]).toEqual([1, ["plan"], ["default"]]);
    expect(() => seen.get("notes/1")).toThrow(MemoryAccessError);
    expect(() => seen.set("plan", 2)).toThrow(MemoryAccessError);
    expect(() => seen.get("plan", { namespace: "n" })).toThrow(MemoryAccessError);
    expect(() => store.of("c").shared("a").get("plan")).toThrow(MemoryAccessError);
  });

  it("is granted by key, by prefix or whole, to read or to write", () => {
    const store = open();
    const a = store.of("a");
    const seen = store.of("b").shared("a");
    for (const key of ["in/1", "in/2", "out", "plan", "plans"]) a.set(key, key);
    a.grant({ to: "b", keyPrefix: "in/", access: "write" });
    a.grant({ to: store.of("b").agent, key: "plan" });
    expect(seen.keys()).toEqual(["in/1", "in/2", "plan"]);
    expect(seen.entries({ keyPrefix: "in/2" }).map(({ value }) => value)).toEqual(["in/2"]);
    expect(seen.search("plan out").map(({ key }) => key)).toEqual(["plan"]);
    expect(seen.set("in/3", 3)).toMatchObject({ writtenBy: "b" });
    expect(a.entry("in/3")).toMatchObject({ value: 3, writtenBy: "b" });
    expect(seen.update("in/3", (value) => (value as number) + 1)).toBe(4);
    expect(seen.delete("in/3")).toBe(true);
    expect(() => seen.delete("plan")).toThrow(MemoryAccessError);
    expect(() => seen.set("out", 1)).toThrow(MemoryAccessError);
    expect(seen.clear()).toBe(2);
    expect(a.keys()).toEqual(["out", "plan", "plans"]);
    a.grant({ to: "b", keyPrefix: "", access: "write" });
    expect([seen.keys(), seen.clear()]).toEqual([["out", "plan", "plans"], 3]);
  });

  it("lists grants, replaces those for the same keys, and takes back those that fit", () => {
    const store = open();
    const [a, b] = [store.of("a"), store.of("b")];
    const [seen, other] = [b.shared(a.agent), b.shared("a")];
    a.grant({ to: "b", access: "write" });
    seen.set("k", 1);
    const read = a.grant({ to: "b", access: "read" });
    expect(a.grants()).toEqual([read]);
    expect(() => seen.set("k", 2)).toThrow(MemoryAccessError);
    const inN = a.grant({ to: "b", namespace: "n", key: "x" });
    const toC = a.grant({ to: "c", keyPrefix: "k", access: "write" });
    const back = b.grant({ to: "a" });
    expect(store.grants()).toEqual([read, toC, inN, back]);
    expect(a.received()).toEqual([back]);
    expect(b.received()).toEqual([read, inN]);
    expect(a.revoke({ ...read })).toEqual([read]);
    for (const view of [seen, other]) expect(() => view.get("k")).toThrow(MemoryAccessError);
    expect(a.revoke({ to: "b", namespace: "other" })).toEqual([]);
    expect(a.revoke({ to: "b" })).toEqual([inN]);
    expect(a.revoke({ key: "k" })).toEqual([]);
    expect(a.revoke({ keyPrefix: "" })).toEqual([]);
    expect(a.revoke({ keyPrefix: "k" })).toEqual([toC]);
    expect([a.revoke(), b.revoke()]).toEqual([[], [back]]);
    expect(store.grants()).toEqual([]);
    expect(a.get("k")).toBe(1);
  });

  it("refuses grants that cannot be", () => {
    const a = open().of("a");
    expect(() => a.grant({ to: "a" })).toThrow(/needs no grant/);
    expect(() => a.grant({ to: "" })).toThrow(AgentUsageError);
    expect(() => a.grant({ to: "b", key: "" })).toThrow(/The key of a grant/);
    expect(() => a.grant({ to: "b", keyPrefix: "x".repeat(600) })).toThrow(/The keyPrefix of a grant/);
    expect(() => a.grant({ to: "b", key: "k", keyPrefix: "k" })).toThrow(/one of them/);
    expect(() => a.grant({ to: "b", access: "all" as "read" })).toThrow(/"read" or "write", and not "all"/);
    expect(a.grants()).toEqual([]);
  });

  it("lets nobody push out what only others may write", () => {
    const store = open({ maxEntries: 2 });
    const a = store.of("a");
    const seen = store.of("b").shared("a");
    a.set("mine", 1);
    a.grant({ to: "b", keyPrefix: "in/", access: "write" });
    seen.set("in/1", 1);
    seen.set("in/2", 2);
    expect(a.keys()).toEqual(["mine", "in/2"]);
    a.set("mine too", 2);
    a.set("mine", 3);
    expect(a.keys()).toEqual(["mine too", "mine"]);
    expect(() => seen.set("in/3", 3)).toThrow(
      'Namespace "default" of agent "a" is full: it has maxEntries (2) entries, and agent "b" may not drop one of them.',
    );
    expect(a.keys()).toEqual(["mine too", "mine"]);
  });

  it("is never asked again by a retry where access is refused", () => {
    const store = open();
    try {
      store.of("b").shared("a").get("k");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "PermissionError", agent: "b", access: "read", key: "k" });
      expect(mayRetry(error)).toBe(false);
    }
    expect(store.of("b").shared("b").keys()).toEqual([]);
  });
});
