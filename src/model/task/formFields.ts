import { taskProblems } from "./taskProblems.ts";
import type { TaskShape } from "./taskShape.ts";

/** One value that a form asks for. */
export interface FormField {
  /** Of a field of the task; null where the task itself is asked for. */
  name: string | null;
  shape: TaskShape;
  required: boolean;
}

export type FieldValue = { ok: true; value: unknown } | { ok: false; problem: string };

/** What is taken for a field that is left out. */
export const leftOut: FieldValue = Object.freeze({ ok: true, value: undefined });

/** What a form asks for, one after the other; null where a task of this shape is better written as JSON. */
export function formFields(shape: TaskShape): FormField[] | null {
  if (choicesOf(shape) !== null || isPlain(shape)) return [{ name: null, shape, required: true }];
  if (shape.properties === undefined) {
    const whole = shape.anyOf?.find(({ properties }) => properties !== undefined);
    return whole === undefined ? null : formFields(whole);
  }
  const { properties, required = [] } = shape;
  const fields = Object.entries(properties).map(([name, of]) => ({
    ...{ name, shape: of },
    required: required.includes(name),
  }));
  return fields.length === 0 ? null : fields;
}

const isPlain = ({ type }: TaskShape): boolean =>
  type === "string" || type === "number" || type === "integer";

/** The values to choose from; null where a value is typed. */
export function choicesOf(shape: TaskShape): unknown[] | null {
  if (shape.enum !== undefined) return shape.enum;
  if (shape.type === "boolean") return [true, false];
  if (shape.type === "null") return [null];
  const choices = shape.anyOf?.map(choicesOf);
  return choices?.every((values) => values !== null) === true ? choices.flat() : null;
}

/** A value as it stands in its box: a text without quotes, all else as JSON. */
export function fieldText({ shape }: FormField, value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" && takesText(shape) ? value : JSON.stringify(value);
}

/** Texts are taken as they are typed. */
export function takesText({ type, anyOf }: TaskShape): boolean {
  return type === "string" || anyOf?.some(takesText) === true;
}

/** What was typed for a field; the problem is one sentence. */
export function fieldValue(field: FormField, text: string): FieldValue {
  const { name, shape, required } = field;
  const what = name === null ? "the task" : `"${name}"`;
  if (text.trim() === "") {
    if (!required) return leftOut;
    return { ok: false, problem: `Nothing entered yet: ${what} is needed.` };
  }
  const value = typed(shape, text);
  if (value === undefined)
    return { ok: false, problem: `Not JSON: write ${what} as JSON, for example ${example(shape)}.` };
  const [problem] = taskProblems(shape, value);
  if (problem === undefined) return { ok: true, value };
  return { ok: false, problem: placed(problem.message, problem.path, name) };
}

/** The sentence names the place within the whole task. */
function placed(message: string, path: readonly (string | number)[], name: string | null): string {
  if (name === null) return message;
  if (message.startsWith("The task")) return message.replace("The task", `"${name}"`);
  return path.length === 0 ? message : message.replace(/^"/, `"${name}.`);
}

function typed(shape: TaskShape, text: string): unknown {
  if (shape.type === "string") return text;
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== "string" && taskProblems(shape, value).length === 0) return value;
    return takesText(shape) ? text : value;
  } catch {
    if (takesText(shape)) return text;
    return shape.type === "number" || shape.type === "integer" ? text : undefined;
  }
}

function example({ type, items }: TaskShape): string {
  if (type !== "array") return '{"name": "…"}';
  return items?.type === "number" || items?.type === "integer" ? "[1, 2]" : '["…"]';
}

/** The task of the values that were given, in the order of the fields. */
export function taskOf(fields: readonly FormField[], values: readonly unknown[]): unknown {
  if (fields[0]?.name === null) return values[0];
  const entries = fields.map(({ name }, index): [string, unknown] => [name ?? "", values[index]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The value that a task has for each field. */
export function valuesIn(fields: readonly FormField[], task: unknown): unknown[] {
  if (fields[0]?.name === null) return [task];
  const from = typeof task === "object" && task !== null ? (task as Record<string, unknown>) : {};
  return fields.map(({ name }) => (name !== null && Object.hasOwn(from, name) ? from[name] : undefined));
}
