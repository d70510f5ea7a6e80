/** What a task looks like: the part of JSON Schema that forms and checks need. What it leaves out is not restricted. */
export interface TaskShape {
  type?: ShapeType;
  title?: string;
  description?: string;
  default?: unknown;
  /** The values that are possible; never empty. */
  enum?: unknown[];
  anyOf?: TaskShape[];
  properties?: Record<string, TaskShape>;
  required?: string[];
  /** False where no other properties are taken. */
  additionalProperties?: boolean | TaskShape;
  items?: TaskShape;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** For example "email" or "uri". */
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

const shapeTypes = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;
export type ShapeType = (typeof shapeTypes)[number];

const texts = ["title", "description", "pattern", "format"] as const;
const numbers = [
  ...(["minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"] as const),
  ...(["exclusiveMinimum", "exclusiveMaximum"] as const),
] as const;

/** How deep a shape may be; below, and where it comes back to itself, everything is possible. */
const deepest = 12;

/** A shape of what a library says in JSON Schema; null where that says nothing about a task. */
export function taskShapeOf(schema: unknown): TaskShape | null {
  const shape = read(schema, schema, []);
  return isAnything(shape) ? null : shape;
}

/** Whether a shape restricts nothing. */
export function isAnything({ type, enum: values, anyOf, properties }: TaskShape): boolean {
  return [type, values, anyOf, properties].every((part) => part === undefined);
}

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function read(schema: unknown, root: unknown, above: readonly unknown[]): TaskShape {
  if (!isJson(schema) || above.includes(schema) || above.length > deepest) return {};
  const inner = (part: unknown): TaskShape => read(part, root, [...above, schema]);
  if (typeof schema.$ref === "string") return { ...inner(referred(root, schema.$ref)), ...own(schema) };
  const shape = { ...own(schema), ...parts(schema, inner) };
  return Array.isArray(schema.allOf) ? schema.allOf.map(inner).reduce(both, shape) : shape;
}

/** `#/$defs/Name` */
function referred(root: unknown, pointer: string): unknown {
  const keys = pointer.replace(/^#\/?/, "").split("/").filter(Boolean);
  return keys
    .map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, key) => (isJson(at) && Object.hasOwn(at, key) ? at[key] : undefined), root);
}

function own(schema: Json): TaskShape {
  const shape: TaskShape = {};
  for (const key of texts) if (typeof schema[key] === "string") shape[key] = schema[key];
  for (const key of numbers) if (typeof schema[key] === "number") shape[key] = schema[key];
  if ("default" in schema) shape.default = schema.default;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) shape.enum = schema.enum as unknown[];
  if ("const" in schema) shape.enum = [schema.const];
  const type = shapeTypes.find((known) => known === schema.type);
  if (type !== undefined) shape.type = type;
  return shape;
}

function parts(schema: Json, inner: (part: unknown) => TaskShape): TaskShape {
  const shape: TaskShape = {};
  const { type, properties, required, items, additionalProperties: others } = schema;
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray) as unknown[] | undefined;
  if (choices !== undefined) shape.anyOf = choices.map(inner);
  else if (Array.isArray(type)) shape.anyOf = type.map((each) => inner({ ...schema, type: each as unknown }));
  if (isJson(properties))
    shape.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, inner(property)]),
    );
  if (Array.isArray(required)) shape.required = required.filter((name) => typeof name === "string");
  if (isJson(items)) shape.items = inner(items);
  if (typeof others === "boolean") shape.additionalProperties = others;
  else if (isJson(others)) shape.additionalProperties = inner(others);
  return shape;
}

/** What fits both. */
function both(one: TaskShape, other: TaskShape): TaskShape {
  const required = [...(one.required ?? []), ...(other.required ?? [])];
  const properties = { ...one.properties, ...other.properties };
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}
