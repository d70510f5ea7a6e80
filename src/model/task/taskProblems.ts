import { isDeepStrictEqual } from "node:util";
import type { ShapeType, TaskShape } from "./taskShape.ts";

/** One thing that is wrong with a task. */
export interface TaskProblem {
  /** Where, from the outside in. */
  path: (string | number)[];
  /** One sentence that names the place. */
  message: string;
}

type Path = TaskProblem["path"];

const named: Record<ShapeType, string> = {
  object: "an object",
  array: "a list",
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
};

/** What of a task does not fit its shape, in the order of the shape. What the shape leaves open is not looked at. */
export function taskProblems(shape: TaskShape, task: unknown): TaskProblem[] {
  return check(shape, task, []);
}

function check(shape: TaskShape, value: unknown, path: Path): TaskProblem[] {
  const wrong = (what: string): TaskProblem[] => [{ path, message: `${placeOf(path)} ${what}.` }];
  const { type, enum: values, anyOf } = shape;
  if (values !== undefined && !values.some((each) => isDeepStrictEqual(each, value))) {
    return wrong(`must be ${orList(values.map((each) => JSON.stringify(each)))}, not ${short(value)}`);
  }
  if (anyOf !== undefined) {
    const answers = anyOf.map((each) => check(each, value, path));
    if (!answers.some((problems) => problems.length === 0)) {
      // What is of the right type, but wrong further in, says more than that nothing fits.
      const close = anyOf.findIndex((each) => each.type !== undefined && isOf(each.type, value));
      if (close !== -1) return answers[close] ?? [];
      return wrong(`must be ${orList([...new Set(anyOf.map(nameOf))])}, not ${short(value)}`);
    }
  }
  if (type !== undefined && !isOf(type, value)) return wrong(`must be ${named[type]}, not ${short(value)}`);
  if (typeof value === "string") return ofText(shape, value).flatMap(wrong);
  if (typeof value === "number") return ofNumber(shape, value).flatMap(wrong);
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) => check(shape.items ?? {}, item, [...path, index]));
    return [...ofCount(shape, value.length).flatMap(wrong), ...items];
  }
  if (typeof value === "object" && value !== null)
    return ofObject(shape, value as Record<string, unknown>, path);
  return [];
}

function ofObject(shape: TaskShape, value: Record<string, unknown>, path: Path): TaskProblem[] {
  const { properties = {}, required = [], additionalProperties: others = true } = shape;
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path, message: `${placeOf([...path, name])} is missing.` }));
  const inside = Object.entries(value).flatMap(([name, item]): TaskProblem[] => {
    const at = [...path, name];
    if (Object.hasOwn(properties, name)) return check(properties[name] ?? {}, item, at);
    if (others === false) {
      const known = Object.keys(properties).map((key) => `"${key}"`);
      const taken =
        known.length === 0 ? "nothing is" : `${andList(known)} ${known.length === 1 ? "is" : "are"}`;
      return [{ path: at, message: `${placeOf(at)} is not taken: ${taken}.` }];
    }
    return others === true ? [] : check(others, item, at);
  });
  return [...missing, ...inside];
}

function ofText({ minLength = 0, maxLength = Infinity, pattern }: TaskShape, value: string): string[] {
  const { length } = Array.from(value);
  if (length < minLength)
    return [minLength === 1 ? "must not be empty" : `must have at least ${minLength} characters`];
  if (length > maxLength) return [`must have at most ${maxLength} characters`];
  return pattern === undefined || matches(pattern, value) ? [] : [`must match ${pattern}`];
}

/** A pattern that cannot be used here restricts nothing here. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function ofNumber(shape: TaskShape, value: number): string[] {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = shape;
  if (minimum !== undefined && value < minimum) return [`must be at least ${minimum}`];
  if (maximum !== undefined && value > maximum) return [`must be at most ${maximum}`];
  if (above !== undefined && value <= above) return [`must be more than ${above}`];
  return below !== undefined && value >= below ? [`must be less than ${below}`] : [];
}

function ofCount({ minItems = 0, maxItems = Infinity }: TaskShape, count: number): string[] {
  const items = (most: number): string => `${most} ${most === 1 ? "item" : "items"}`;
  if (count < minItems) return [`must have at least ${items(minItems)}`];
  return count > maxItems ? [`must have at most ${items(maxItems)}`] : [];
}

function isOf(type: ShapeType, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

/** What a shape asks for, in words: "a text". */
export function nameOf({ type, enum: values, anyOf }: TaskShape): string {
  if (values !== undefined) return orList(values.map((value) => JSON.stringify(value)));
  if (anyOf !== undefined) return orList([...new Set(anyOf.map(nameOf))]);
  return type === undefined ? "any JSON" : named[type];
}

/** `"lines.0.article"`, or what stands for the whole. */
function placeOf(path: Path): string {
  return path.length === 0 ? "The task" : `"${path.join(".")}"`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length <= 40) return text;
  if (typeof value === "string") return "this text";
  return Array.isArray(value) ? "this list" : "this object";
}

const orList = (words: readonly string[]): string => joined(words, "or");
const andList = (words: readonly string[]): string => joined(words, "and");

function joined(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1) ?? ""}`;
}
