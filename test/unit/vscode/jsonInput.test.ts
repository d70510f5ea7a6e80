import { describe, expect, it } from "vitest";
import {
  parseArguments,
  parseJson,
  parseTask,
  signature,
  taskTemplate,
} from "../../../src/vscode/run/jsonInput.ts";

describe("A task typed as JSON", () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    ['"text"', "text"],
    [" null ", null],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}') as unknown],
  ])("%s is taken", (text, value) => {
    expect(parseJson(text)).toEqual({ ok: true, value });
  });

  it.each([
    ["", 'Nothing entered yet: write JSON, for example {"query": "…"}.'],
    ["{a: 1}", 'Not JSON: unexpected "a" at column 2.'],
    ["{'a': 1}", 'Not JSON: unexpected "\'" at column 2.'],
    ['{"a": 1,}', 'Not JSON: unexpected "}" at column 9.'],
    ['{"a": ', "Not JSON: it ends too early, at column 7."],
    ["[1 2]", 'Not JSON: unexpected "2" at column 4.'],
    ["hello", 'Not JSON: unexpected "h" at column 1.'],
    ["{} // note", 'Not JSON: unexpected "/" at column 4.'],
  ])("%s is answered with the place", (text, problem) => {
    expect(parseJson(text)).toEqual({ ok: false, problem });
  });
});

describe("A task of a known shape", () => {
  const shape = {
    type: "object" as const,
    properties: { rows: { type: "number" as const } },
    required: ["rows", "table"],
  };

  it("is taken where it fits, and answered with a sentence for each problem", () => {
    expect(parseTask('{"rows": 1, "table": "a"}', shape)).toEqual({
      ok: true,
      value: { rows: 1, table: "a" },
    });
    expect(parseTask('{"rows": "all"}', shape)).toEqual({
      ok: false,
      problem: '"table" is missing. "rows" must be a number, not "all".',
    });
    expect(parseTask("{", shape)).toEqual({
      ok: false,
      problem: "Not JSON: it ends too early, at column 2.",
    });
    expect(parseTask("7", null)).toEqual({ ok: true, value: 7 });
  });
});

describe("The box for a task", () => {
  const text = { name: "text", type: "string", optional: false };
  const limit = { name: "limit", type: "number", optional: false };
  const options = { name: "options", type: "Options", optional: true };

  it("names the fields that several parameters are taken from", () => {
    expect(taskTemplate([text, limit, options])).toBe('{"text":"","limit":null}');
  });

  it("names the first of several parameters where that is a text", () => {
    expect(taskTemplate([text, options])).toBe('{"text":""}');
    expect(taskTemplate([text, { ...limit, name: "...rest" }])).toBe('{"text":""}');
  });

  it("starts empty where one parameter takes the whole task", () => {
    expect(taskTemplate([])).toBe("{}");
    expect(taskTemplate([text])).toBe('""');
    expect(taskTemplate([{ ...text, type: "Request" }, options])).toBe("{}");
  });
});

describe("Constructor arguments", () => {
  const params = [
    { name: "client", type: "Client", optional: false },
    { name: "model", type: "", optional: false },
    { name: "options", type: "Options", optional: true },
  ];

  it("are shown as they are declared", () => {
    expect(signature(params)).toBe("(client: Client, model, options?: Options)");
  });

  it("must be a list with at least the required ones", () => {
    expect(parseArguments('[{}, "m"]', params)).toEqual({ ok: true, value: [{}, "m"] });
    expect(parseArguments("[{}]", params)).toEqual({
      ok: false,
      problem: '1 of 2 arguments given: "model" is missing in (client: Client, model, options?: Options).',
    });
    expect(parseArguments("{}", params)).toMatchObject({ ok: false });
    expect(parseArguments("[", params)).toMatchObject({ ok: false });
  });
});
