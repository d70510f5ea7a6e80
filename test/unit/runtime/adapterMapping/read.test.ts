import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readAdapterMapping } from "../../../../src/runtime/adapterMapping/read.ts";
import { StoreError, UniversalAgentAdapter } from "../../../../src/runtime/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mapping-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(folder, "adapters.json"), text);
const classes = (entries: unknown) => write(JSON.stringify({ version: 1, classes: entries }));

function problem(): string {
  try {
    readAdapterMapping(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return (error as Error).message.replaceAll(join(folder, "adapters.json"), "FILE");
  }
  throw new Error("It was read.");
}

it("is empty where there is no file, or no folder", () => {
  expect(readAdapterMapping(folder)).toEqual({});
  expect(readAdapterMapping(join(folder, "missing"))).toEqual({});
});

it("reads every field in every form, also with a byte order mark", () => {
  const entries = {
    Base: {
      method: "work",
      arguments: [
        "task",
        "task.user.id",
        "task.items.0?",
        "signal",
        "context",
        "callback",
        { value: [5, null] },
      ],
      init: "open",
      close: null,
      snapshot: { get: "save", set: "load" },
      failedWhen: { field: "state.code", equals: 7 },
    },
    Heir: { arguments: null, snapshot: { fields: ["history"] }, failedWhen: "reported", init: null },
    Stateless: { snapshot: null, failedWhen: null },
    Empty: {},
  };
  write(`\uFEFF${JSON.stringify({ version: 1, classes: entries })}`);
  expect(readAdapterMapping(folder)).toEqual(entries);
});

it("gives what an adapter takes", () => {
  classes({
    Odd: { method: "work", arguments: ["task.x", { value: 2 }], failedWhen: { field: "ok", equals: false } },
  });
  class Odd {
    work(x: number, y: number) {
      return { ok: x * y > 5, product: x * y };
    }
  }
  const adapter = new UniversalAgentAdapter(Odd, { agentType: "unit", mapping: readAdapterMapping(folder) });
  expect(adapter.execute({ x: 3 })).toMatchObject({ status: "success", value: { product: 6 } });
  expect(adapter.execute({ x: 2 })).toMatchObject({
    status: "failed",
    error: { name: "ReportedFailureError", message: "The agent returned ok: false." },
  });
});

it.each<[string, string | object, string]>([
  ["no JSON", "{", "FILE is not JSON: "],
  ["no object", "5", "FILE is not a mapping of adapters. It must be an object."],
  ["no version", "{}", 'Field "version": it must be a number.'],
  ["an older version", { version: 0, classes: {} }, 'Field "version": it must be 1.'],
  [
    "a newer version",
    { version: 2, agents: [] },
    "FILE has version 2, and this version of opsvi-agents reads version 1: update opsvi-agents.",
  ],
  [
    "a list",
    { version: 1, classes: [] },
    'Field "classes": it must be an object with a class name for each key.',
  ],
  [
    "a field of no meaning",
    { version: 1, classes: {}, more: 1 },
    'There is no field "more", only version, classes.',
  ],
])("says what is wrong with a file that has %s", (_, content, sentence) => {
  write(typeof content === "string" ? content : JSON.stringify(content));
  expect(problem()).toContain(sentence);
});

it.each<[string, unknown, string]>([
  ["class", 5, 'Class "Foo": it must be an object.'],
  [
    "mistyped field",
    { argument: [] },
    'Class "Foo": there is no field "argument", only method, arguments, init, close, snapshot, failedWhen.',
  ],
  ["method", { method: 5 }, 'Class "Foo", field "method": it must be the name of a method.'],
  ["method", { method: "" }, 'Class "Foo", field "method": it must be the name of a method.'],
  ["method", { method: "constructor" }, 'field "method": it must not be constructor, __proto__, prototype.'],
  ["init", { init: false }, 'field "init": it must be the name of a method, or null.'],
  ["close", { close: 1 }, 'field "close": it must be the name of a method, or null.'],
  ["arguments", { arguments: "task" }, 'field "arguments": it must be a list of arguments, or null.'],
  [
    "argument",
    { arguments: ["task", "tsk.a"] },
    'field "arguments", item 2: "tsk.a" is no argument: write "task", ',
  ],
  ["argument", { arguments: ["task..a"] }, 'item 1: "task..a" is no argument'],
  ["argument", { arguments: [5] }, "item 1: an argument is a text such as"],
  ["argument", { arguments: [{ value: 1, or: 2 }] }, "item 1: an argument is a text such as"],
  ["callbacks", { arguments: ["callback", "callback"] }, 'it must hold at most one "callback".'],
  ["snapshot", { snapshot: { get: "a" } }, 'field "snapshot": it must be {"get": METHOD, "set": METHOD}'],
  ["snapshot", { snapshot: { fields: ["__proto__"] } }, 'Class "Foo", field "snapshot"'],
  ["failedWhen", { failedWhen: "always" }, 'field "failedWhen": it must be "reported", '],
  ["failedWhen", { failedWhen: { field: "x", equals: {} } }, 'field "failedWhen": it must be "reported", '],
])("names the class and the field of a wrong %s", (_, entry, sentence) => {
  classes({ Fine: {}, Foo: entry });
  expect(problem()).toContain(sentence);
});

it("tells five mistakes and counts the rest", () => {
  classes(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`C${i}`, { method: i }])));
  const message = problem();
  expect(message.match(/Class "/g)).toHaveLength(5);
  expect(message).toContain(" And 3 more mistakes.");
});

it("reads no link, no folder and nothing huge", () => {
  const file = join(folder, "adapters.json");
  mkdirSync(file);
  expect(problem()).toContain("FILE cannot be read: it is not a regular file.");
  rmSync(file, { recursive: true });
  if (process.platform !== "win32") {
    symlinkSync("/dev/zero", file);
    expect(problem()).toContain("FILE cannot be read: it is a link.");
    rmSync(file);
  }
  write(" ".repeat(5 * 2 ** 20));
  expect(problem()).toContain("FILE cannot be read: it is larger than 4 MiB.");
});

it("reads whatever JSON it is, or says one sentence", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (entry, version) => {
      write(JSON.stringify({ version: fc.sample(fc.constantFrom(1, version), 1)[0], classes: { A: entry } }));
      try {
        const mapping = readAdapterMapping(folder);
        expect(Object.keys(mapping)).toEqual(["A"]);
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        expect((error as Error).message).toMatch(/\.$/);
      }
    }),
  );
});

it("makes nothing of prototype keys", () => {
  write(
    '{"version": 1, "classes": {"__proto__": {"method": "evil"}, "A": {"__proto__": {"method": "evil"}}}}',
  );
  try {
    expect(readAdapterMapping(folder).A?.method).toBeUndefined();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
  }
  expect(({} as { method?: string }).method).toBeUndefined();
});
