import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseOutput, reportedFailure } from "../../../../src/runtime/core/output.ts";

describe("the output of an execution", () => {
  it("is the returned record, or holds the value", () => {
    expect(normaliseOutput({ a: 1 })).toEqual({ output: { a: 1 }, warnings: [] });
    expect(normaliseOutput("text")).toEqual({ output: { output: "text" }, warnings: [] });
    expect(normaliseOutput([1, { a: 2 }])).toEqual({ output: { output: [1, { a: 2 }] }, warnings: [] });
    expect(normaliseOutput(undefined)).toEqual({ output: { output: null }, warnings: [] });
    expect(normaliseOutput(7)).toEqual({ output: { output: 7 }, warnings: [] });
  });

  it("describes what JSON cannot hold, with a warning", () => {
    const circular: Record<string, unknown> = { name: "loop" };
    circular.self = circular;
    expect(normaliseOutput(circular).output).toEqual({ name: "loop", self: "[circular]" });
    const { output, warnings } = normaliseOutput({ big: 2n, call: () => 1, map: new Map(), not: NaN });
    expect(output).toEqual({ big: "2n", call: "function call", map: "[object Map]", not: "NaN" });
    expect(warnings).toHaveLength(4);
    expect(normaliseOutput(() => 1).output).toEqual({ output: "function (anonymous)" });
  });

  it("takes class instances by their fields or toJSON, and survives getters that throw", () => {
    class Answer {
      text = "x";
    }
    expect(normaliseOutput(new Answer()).output).toEqual({ text: "x" });
    expect(normaliseOutput({ at: new Date(0) }).output).toEqual({ at: "1970-01-01T00:00:00.000Z" });
    const bad = {
      get x(): never {
        throw new Error("no");
      },
    };
    expect(normaliseOutput({ bad }).output).toEqual({ bad: "[unreadable: no]" });
  });

  it("shares no reference with a repeated value, which is not circular", () => {
    const shared = { n: 1 };
    expect(normaliseOutput({ a: shared, b: shared })).toEqual({
      output: { a: { n: 1 }, b: { n: 1 } },
      warnings: [],
    });
  });

  it("describes bytes, whoever could write them out", () => {
    expect(normaliseOutput({ file: Buffer.from("ab"), view: new DataView(new ArrayBuffer(1)) })).toEqual({
      output: { file: "[object Uint8Array]", view: "[object DataView]" },
      warnings: [expect.stringContaining("file"), expect.stringContaining("view")],
    });
  });

  it("is JSON-safe for anything", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true }),
        (value) => {
          const { output } = normaliseOutput(value);
          expect(JSON.parse(JSON.stringify(output))).toEqual(output);
          expect(Array.isArray(output)).toBe(false);
        },
      ),
    );
  });

  it("equals any JSON record that was returned", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const plain = JSON.parse(JSON.stringify(record)) as object;
        expect(normaliseOutput(plain)).toEqual({ output: plain, warnings: [] });
      }),
    );
  });
});

describe("a returned value", () => {
  class Reply {
    readonly made = true;
    constructor(fields: object) {
      Object.assign(this, fields);
    }
  }

  it.each<[unknown, string]>([
    [{ success: false }, "The agent returned success: false."],
    [{ error: "no quota" }, "The agent returned an error: no quota"],
    [new Reply({ success: false }), "The agent returned success: false."],
    [new Reply({ error: new Error("no quota") }), "The agent returned an error: no quota"],
    [new Reply({ success: false, error: "" }), "The agent returned success: false."],
    [
      Object.assign(Object.create({ run: 1 }), { error: { code: 4 } }),
      'The agent returned an error: {"code":4}',
    ],
    [new Proxy(new Reply({ error: "no quota" }), {}), "The agent returned an error: no quota"],
  ])("that looks like a failure is flagged: %j", (value, flagged) => {
    expect(reportedFailure(value)).toBe(flagged);
  });

  class Getters {
    get error(): string {
      throw new Error("read");
    }
    get success(): boolean {
      throw new Error("read");
    }
  }
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const refusing = new Proxy(new Reply({}), {
    getOwnPropertyDescriptor: () => {
      throw new Error("read");
    },
  });
  it.each<[string, unknown]>([
    ["a class instance without", new Reply({ success: true, error: null })],
    [
      "a class instance with a method of that name",
      new Reply({ error: () => undefined, success: () => false }),
    ],
    ["a record with a function of that name", { error: () => undefined }],
    ["getters", new Getters()],
    ["an own getter", Object.defineProperty(new Reply({}), "error", { get: () => "read" })],
    ["an error", Object.assign(new Error("e"), { error: "e", success: false })],
    ["a promise", Object.assign(Promise.resolve(), { error: "e" })],
    ["an array", Object.assign([], { error: "e" })],
    ["a function", Object.assign(() => undefined, { error: "e" })],
    ["a revoked proxy", revoked],
    ["a proxy that refuses", refusing],
    ["a number", 0],
    ["null", null],
  ])("that does not is not: %s", (_, value) => {
    expect(reportedFailure(value)).toBeNull();
  });
});
