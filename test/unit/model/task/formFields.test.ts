import { describe, expect, it } from "vitest";
import {
  choicesOf,
  fieldText,
  fieldValue,
  formFields,
  taskOf,
  valuesIn,
  type FormField,
} from "../../../../src/model/task/formFields.ts";
import type { TaskShape } from "../../../../src/model/task/taskShape.ts";

const shape: TaskShape = {
  type: "object",
  properties: {
    question: { type: "string", minLength: 3 },
    depth: { enum: ["quick", "deep"] },
    sources: { type: "integer", maximum: 9 },
    tags: { type: "array", items: { type: "string" } },
    note: { anyOf: [{ type: "string" }, { type: "null" }] },
  },
  required: ["question", "tags"],
};
const fields = formFields(shape) ?? [];
const [question, depth, sources, tags, note] = fields as [
  FormField,
  FormField,
  FormField,
  FormField,
  FormField,
];

describe("A form", () => {
  it("asks for the fields of an object in their order", () => {
    expect(fields.map(({ name, required }) => [name, required])).toEqual([
      ["question", true],
      ["depth", false],
      ["sources", false],
      ["tags", true],
      ["note", false],
    ]);
    expect(formFields({ anyOf: [shape, { type: "array" }] })).toEqual(fields);
  });

  it("asks for a task that is one value, and for none that is better written as JSON", () => {
    expect(formFields({ type: "string" })).toEqual([
      { name: null, shape: { type: "string" }, required: true },
    ]);
    expect(formFields({ enum: ["a", "b"] })).toMatchObject([{ name: null }]);
    expect(formFields({ type: "array" })).toBeNull();
    expect(formFields({ type: "object", properties: {} })).toBeNull();
    expect(formFields({ anyOf: [{ type: "array" }, { type: "string" }] })).toBeNull();
  });

  it("offers the values that are possible", () => {
    expect(choicesOf(depth.shape)).toEqual(["quick", "deep"]);
    expect(choicesOf({ type: "boolean" })).toEqual([true, false]);
    expect(choicesOf({ anyOf: [{ type: "boolean" }, { type: "null" }] })).toEqual([true, false, null]);
    expect(choicesOf(note.shape)).toBeNull();
  });

  it.each([
    [question, "Who?", "Who?"],
    [question, '"Who?"', '"Who?"'],
    [sources, "4", 4],
    [sources, "", undefined],
    [tags, '["a"]', ["a"]],
    [note, "remember", "remember"],
    [note, "null", null],
    [note, "7", "7"],
  ])("of %o takes %s", (field, text, value) => {
    expect(fieldValue(field, text)).toEqual({ ok: true, value });
  });

  it.each([
    [question, " ", 'Nothing entered yet: "question" is needed.'],
    [question, "W", '"question" must have at least 3 characters.'],
    [sources, "many", '"sources" must be a whole number, not "many".'],
    [sources, "10", '"sources" must be at most 9.'],
    [tags, "a, b", 'Not JSON: write "tags" as JSON, for example ["…"].'],
    [tags, "[1]", '"tags.0" must be a text, not 1.'],
  ])("of %o says what is wrong with %s", (field, text, problem) => {
    expect(fieldValue(field, text)).toEqual({ ok: false, problem });
  });

  it("makes a task of what was given, and shows that of the last time", () => {
    const task = { question: "Who?", tags: ["a"] };
    expect(taskOf(fields, ["Who?", undefined, undefined, ["a"], undefined])).toEqual(task);
    expect(valuesIn(fields, task)).toEqual(["Who?", undefined, undefined, ["a"], undefined]);
    expect(valuesIn(fields, "Who?")).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect([fieldText(question, "Who?"), fieldText(tags, ["a"]), fieldText(note, undefined)]).toEqual([
      "Who?",
      '["a"]',
      "",
    ]);
    const whole = formFields({ type: "string" }) ?? [];
    expect([taskOf(whole, ["hello"]), valuesIn(whole, "hello")]).toEqual(["hello", ["hello"]]);
  });
});
