import { describe, expect, it } from "vitest";
import * as z from "zod";
import { taskProblems } from "../../../../src/model/task/taskProblems.ts";
import { taskShapeOf, type TaskShape } from "../../../../src/model/task/taskShape.ts";

const shape = taskShapeOf(
  z.toJSONSchema(
    z.object({
      question: z.string().min(3).describe("What to look for"),
      depth: z.enum(["quick", "deep"]),
      sources: z.number().int().min(1).max(9).default(3),
      lines: z.array(z.object({ article: z.string() })).min(1),
      note: z.string().nullable().optional(),
    }),
    { io: "input" },
  ),
) as TaskShape;

const messages = (task: unknown, of: TaskShape = shape): string[] =>
  taskProblems(of, task).map(({ message }) => message);

describe("The shape of a schema", () => {
  it("keeps names, descriptions, defaults and limits", () => {
    expect(shape.properties?.question).toEqual({
      type: "string",
      minLength: 3,
      description: "What to look for",
    });
    expect(shape.properties?.sources).toEqual({ type: "integer", minimum: 1, maximum: 9, default: 3 });
    expect(shape.required).toEqual(["question", "depth", "lines"]);
  });

  it("follows references, also of what refers to itself, and merges what is joined", () => {
    const node = z.object({
      name: z.string(),
      get children() {
        return z.array(node);
      },
    });
    const tree = taskShapeOf(z.toJSONSchema(z.object({ root: node }), { io: "input" })) as TaskShape;
    expect(messages({ root: { name: 1, children: [{ name: 1 }] } }, tree)).toEqual([
      '"root.name" must be a text, not 1.',
    ]);
    expect(messages({ root: { name: "a", children: {} } }, tree)).toEqual([
      '"root.children" must be a list, not {}.',
    ]);
    const joined = z.object({ a: z.string() }).and(z.object({ b: z.number() }));
    expect(messages({}, taskShapeOf(z.toJSONSchema(joined)) as TaskShape)).toEqual([
      '"a" is missing.',
      '"b" is missing.',
    ]);
  });

  it("is none where nothing is said", () => {
    expect(taskShapeOf(z.toJSONSchema(z.unknown()))).toBeNull();
    expect(taskShapeOf(null)).toBeNull();
    expect(taskShapeOf("object")).toBeNull();
    expect(taskShapeOf({ $ref: "#/nowhere" })).toBeNull();
  });
});

describe("A task that does not fit", () => {
  it("is told what, one sentence each", () => {
    expect(messages({ question: "Who?", depth: "deep", lines: [{ article: "lamp" }] })).toEqual([]);
    expect(messages({ question: "W", depth: "deeper", sources: 1.5, lines: [], note: 4 })).toEqual([
      '"question" must have at least 3 characters.',
      '"depth" must be "quick" or "deep", not "deeper".',
      '"sources" must be a whole number, not 1.5.',
      '"lines" must have at least 1 item.',
      '"note" must be a text or null, not 4.',
    ]);
    expect(messages("Who?")).toEqual(['The task must be an object, not "Who?".']);
    expect(messages([])).toEqual(["The task must be an object, not []."]);
  });

  it("names what is missing, and the place further in", () => {
    const found = taskProblems(shape, { question: "Who?", depth: "deep", lines: [{}] });
    expect(found).toEqual([{ path: ["lines", 0], message: '"lines.0.article" is missing.' }]);
  });

  it("names what is not taken, and what is", () => {
    const strict = taskShapeOf(z.toJSONSchema(z.strictObject({ a: z.string(), b: z.string() }))) as TaskShape;
    expect(messages({ a: "", b: "", c: 1 }, strict)).toEqual(['"c" is not taken: "a" and "b" are.']);
  });

  it("compares with the limits of a number", () => {
    expect(messages(0, { type: "number", exclusiveMinimum: 0 })).toEqual(["The task must be more than 0."]);
    expect(messages(11, { type: "number", maximum: 10 })).toEqual(["The task must be at most 10."]);
  });

  it("says of a choice what fits best", () => {
    const either: TaskShape = {
      anyOf: [
        { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
        { type: "string" },
      ],
    };
    expect(messages("hello", either)).toEqual([]);
    expect(messages({}, either)).toEqual(['"text" is missing.']);
    expect(messages(5, either)).toEqual(["The task must be an object or a text, not 5."]);
  });

  it("is not measured with a pattern that cannot be used", () => {
    expect(messages("x", { type: "string", pattern: "(" })).toEqual([]);
    expect(messages("x", { type: "string", pattern: "^\\d+$" })).toEqual(["The task must match ^\\d+$."]);
  });
});
