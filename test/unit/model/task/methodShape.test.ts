import { describe, expect, it } from "vitest";
import { methodShape, taskTaker } from "../../../../src/model/task/methodShape.ts";
import { typeShape } from "../../../../src/model/task/typeShape.ts";
import { record } from "../../vscode/record.ts";

describe("The shape of a type", () => {
  it.each([
    ["string", { type: "string" }],
    ["number | undefined", { type: "number" }],
    ["'low' | 'high' | 3", { enum: ["low", "high", 3] }],
    ["string | null", { anyOf: [{ type: "string" }, { type: "null" }] }],
    ["string[]", { type: "array", items: { type: "string" } }],
    ["readonly string[]", {}],
    [
      "Array<{ id: number }>",
      {
        type: "array",
        items: { type: "object", properties: { id: { type: "number" } }, required: ["id"] },
      },
    ],
    ["Record<string, number>", { type: "object", additionalProperties: { type: "number" } }],
    [
      "{ host: string; port?: number, tags: Array<'a'> }",
      {
        type: "object",
        properties: {
          host: { type: "string" },
          port: { type: "number" },
          tags: { type: "array", items: { enum: ["a"] } },
        },
        required: ["host", "tags"],
      },
    ],
    [
      "{\n  /** The name; not empty. */\n  readonly 'first name': string\n  last: string // too\n}",
      {
        type: "object",
        properties: { "first name": { type: "string" }, last: { type: "string" } },
        required: ["first name", "last"],
      },
    ],
    [
      "{ job: Job; name: string }",
      {
        type: "object",
        properties: { job: {}, name: { type: "string" } },
        required: ["job", "name"],
      },
    ],
    ["Partial<{ a: string }>", { type: "object", properties: { a: { type: "string" } }, required: [] }],
    ["Ticket", {}],
    ["Ticket | string", {}],
    ["(a: string) => void", {}],
    ["{ run(): void }", {}],
    ["{ [key: string]: number }", {}],
    ["string &", {}],
    ["{ a: string", {}],
    ["keyof T", {}],
    ["", {}],
    ["constructor", {}],
  ])("%s", (text, shape) => expect(typeShape(text)).toEqual(shape));
});

const parameter = (text: string) => {
  const [, name = "", mark, type = ""] = /^(.+?)(\??): (.*)$/.exec(text) ?? [];
  return { name, type, optional: mark === "?" };
};
const shapeOf = (...params: string[]) => methodShape({ name: "run", params: params.map(parameter) });

describe("The shape of a method's tasks", () => {
  it("is that of its only parameter", () => {
    expect(shapeOf("text: string")).toEqual({ type: "string" });
    expect(shapeOf("ticket: Ticket")).toBeNull();
    expect(shapeOf()).toBeNull();
    expect(shapeOf("...texts: string[]")).toBeNull();
  });

  it("is that of the first where callers leave out the others", () => {
    expect(shapeOf("task: { a: string }", "options?: Options")).toMatchObject({ required: ["a"] });
    expect(
      methodShape({ name: "executeImpl", params: [parameter("task: string"), parameter("c: Context")] }),
    ).toEqual({
      type: "string",
    });
  });

  it("has the fields that several parameters are taken from; a list or a text will do too", () => {
    expect(shapeOf("text: string", "userId: string", "options?: Options")).toEqual({
      anyOf: [
        {
          type: "object",
          properties: { text: { type: "string" }, userId: { type: "string" } },
          required: ["text", "userId"],
        },
        { type: "array" },
      ],
    });
    expect(shapeOf("text: string", "limit?: number")).toEqual({
      anyOf: [
        {
          type: "object",
          properties: { text: { type: "string" }, limit: { type: "number" } },
          required: ["text"],
        },
        { type: "string" },
        { type: "array" },
      ],
    });
  });

  it("is unknown where a needed parameter has no name, or no type is known", () => {
    expect(shapeOf("{ a }: A", "b: string")).toBeNull();
    expect(shapeOf("a: A", "b: B")).toBeNull();
  });

  it("is asked of executeImpl where a class is a BaseAgent", () => {
    const method = { lineno: 1, docstring: null, async: false, params: [] };
    const inherited = [{ name: "execute", from: "BaseAgent", file_path: "", params: [] }];
    const of = record({
      name: "A",
      methods: [{ ...method, name: "executeImpl" }],
      inherited_methods: inherited,
    });
    expect(taskTaker(of)?.name).toBe("executeImpl");
    expect(taskTaker(record({ name: "A", inherited_methods: inherited }))?.name).toBe("execute");
  });
});
