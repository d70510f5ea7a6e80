import { isAnything, type TaskShape } from "./taskShape.ts";

/** The words and signs of a type; null for what is none of a type that can be read. */
function tokensOf(text: string): string[] | null {
  const token =
    /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|[A-Za-z_$][\w$]*|\[\]|[{}()<>|?:;,[\]]))/y;
  const tokens: string[] = [];
  const whole = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").trim();
  while (token.lastIndex < whole.length) {
    const found = token.exec(whole)?.[1];
    if (found === undefined) return null;
    tokens.push(found);
  }
  return tokens;
}

/** Where the text names something that only the compiler knows. */
class Unknown extends Error {}

/** What a TypeScript type asks for, as far as its text says; {} where it names what stands elsewhere. */
export function typeShape(text: string): TaskShape {
  const tokens = tokensOf(text);
  if (tokens === null || tokens.length === 0) return {};
  try {
    const reader = new TypeReader(tokens);
    const shape = reader.union();
    return reader.ended ? shape : {};
  } catch (error) {
    if (error instanceof Unknown) return {};
    throw error;
  }
}

class TypeReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return this.#at === this.#tokens.length;
  }

  union(): TaskShape {
    this.#skip("|");
    const members = [this.#list()];
    while (this.#skip("|")) members.push(this.#list());
    return oneOf(members.filter((member) => member !== nothing));
  }

  #list(): TaskShape {
    let shape = this.#single();
    while (this.#skip("[]")) shape = listOf(shape);
    return shape;
  }

  #single(): TaskShape {
    const token = this.#next();
    if (token === "(") return this.#until(")", this.union());
    if (token === "{") return this.#object();
    if (/^["']/.test(token)) return { enum: [unquoted(token)] };
    if (/^-?\d/.test(token)) return { enum: [Number(token)] };
    if (!/^[\w$]/.test(token)) throw new Unknown();
    return this.#skip("<") ? this.#generic(token) : simple(token);
  }

  #generic(name: string): TaskShape {
    const types = [this.union()];
    while (this.#skip(",")) types.push(this.union());
    const [first = {}, second] = types;
    this.#until(">", first);
    if (name === "Array" || name === "ReadonlyArray") return listOf(first);
    if (name === "Partial") return { ...first, required: [] };
    if (name === "Readonly") return first;
    if (name !== "Record") return {};
    return { type: "object", ...(second && !isAnything(second) && { additionalProperties: second }) };
  }

  #object(): TaskShape {
    const properties: Record<string, TaskShape> = {};
    const required: string[] = [];
    while (!this.#skip("}")) {
      let name = this.#next();
      if (name === "readonly" && this.#peek !== ":" && this.#peek !== "?") name = this.#next();
      if (!/^[\w$"']/.test(name)) throw new Unknown();
      if (/^["']/.test(name)) name = unquoted(name);
      if (!this.#skip("?")) required.push(name);
      properties[name] = this.#until(":", this.union.bind(this));
      while (this.#skip(";") || this.#skip(","));
    }
    return { type: "object", properties, ...(required.length > 0 && { required }) };
  }

  get #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#peek;
    if (token === undefined) throw new Unknown();
    this.#at += 1;
    return token;
  }

  #skip(token: string): boolean {
    if (this.#peek !== token) return false;
    this.#at += 1;
    return true;
  }

  /** Answers with the shape, once the token is passed. */
  #until(token: string, shape: TaskShape | (() => TaskShape)): TaskShape {
    if (!this.#skip(token)) throw new Unknown();
    return typeof shape === "function" ? shape() : shape;
  }
}

/** Of `undefined`: a value that JSON does not have. */
const nothing: TaskShape = Object.freeze({});

const simpleTypes: Record<string, TaskShape> = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  true: { enum: [true] },
  false: { enum: [false] },
  null: { type: "null" },
  object: { type: "object" },
  undefined: nothing,
};

const simple = (name: string): TaskShape =>
  Object.hasOwn(simpleTypes, name) ? (simpleTypes[name] ?? {}) : {};

const unquoted = (token: string): string => token.slice(1, -1).replace(/\\(.)/g, "$1");

const listOf = (items: TaskShape): TaskShape => ({ type: "array", ...(!isAnything(items) && { items }) });

/** A union of literals is a choice. */
function oneOf(members: readonly TaskShape[]): TaskShape {
  const [only, ...others] = members;
  if (only === undefined || members.some(isAnything)) return {};
  if (others.length === 0) return only;
  if (members.every((member) => member.enum !== undefined))
    return { enum: members.flatMap((member) => member.enum ?? []) };
  return { anyOf: [...members] };
}
