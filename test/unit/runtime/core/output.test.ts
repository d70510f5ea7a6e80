import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseOutput } from "../../../../src/runtime/core/output.ts";

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
