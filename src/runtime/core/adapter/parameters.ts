/** One parameter of a method. */
export interface Parameter {
  /** Null for a destructuring pattern, which has no name. */
  name: string | null;
  /** It has a default or a mark, is a rest parameter, or is named like what callers leave out (`options`, `context`). */
  optional: boolean;
  rest: boolean;
}

/** The comment that stands for TypeScript's `?`, which is gone at run time, where who compiled it left one. */
const mark = "/*?*/";

/** Without a mark, names have to tell. */
const leftOut =
  /^(additional|extra|optional)|(options?|opts|config|configuration|context|ctx|settings|callback|cb|signal|params|overrides|metadata|meta|kwargs|extras?|_\w*)$/i;

/** Whether a parameter of this name is usually left out by callers. */
export const isUsuallyLeftOut = (name: string): boolean => leftOut.test(name);

/** Reads parameters from the source of a function; null where it cannot be read (native and bound functions). */
export function parametersOf(source: string): Parameter[] | null {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return null;
  const list = parameterList(source);
  if (list === null) return null;
  return split(list).map(toParameter);
}

/** The parameters of a class: of its constructor or, where it has none written out, of the nearest base's. */
export function constructorParameters(type: object): Parameter[] {
  for (let at: unknown = type; typeof at === "function"; at = Object.getPrototypeOf(at)) {
    const source = stripComments(Function.prototype.toString.call(at));
    const start = source.startsWith("class") ? source.search(/(?<![.\w$#"'`])constructor\s*\(/) : 0;
    if (start !== -1) return parametersOf(source.slice(start)) ?? [];
  }
  return [];
}

function toParameter(text: string): Parameter {
  const rest = text.startsWith("...");
  const [left, standard] = splitAtEquals(rest ? text.slice(3).trim() : text);
  const marked = left.endsWith("?");
  const bare = marked ? left.slice(0, -1).trim() : left;
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(bare) ? bare : null;
  return { name, rest, optional: rest || standard || marked || (name !== null && isUsuallyLeftOut(name)) };
}

/** The text between the parentheses, or the single name before an arrow. */
function parameterList(source: string): string | null {
  const text = stripComments(source);
  const single = /^\s*(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text);
  if (single !== null) return single[1] ?? null;
  const start = openingParenthesis(text);
  if (start === -1) return null;
  const end = closing(text, start);
  return end === -1 ? null : text.slice(start + 1, end);
}

/** The parenthesis of the parameters: not one inside a computed method name. */
function openingParenthesis(text: string): number {
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === "(") return i;
    if (text[i] === "[") {
      i = closing(text, i);
      if (i === -1) return -1;
    }
  }
  return -1;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The place of the bracket that closes the one at `start`, or -1. */
function closing(text: string, start: number): number {
  const open: string[] = [];
  for (let i = start; i < text.length; i += 1) {
    const char = text[i] ?? "";
    if (char === '"' || char === "'" || char === "`") i = endOfString(text, i);
    else if (char in closers) open.push(closers[char] ?? "");
    else if (char === open.at(-1)) {
      open.pop();
      if (open.length === 0) return i;
    }
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === text[start]) return i;
  }
  return text.length;
}

/** Replaces comments by spaces, and marks by their question mark; strings stay. */
function stripComments(source: string): string {
  let text = "";
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i] ?? "";
    const pair = source.slice(i, i + 2);
    if (char === '"' || char === "'" || char === "`") {
      const end = endOfString(source, i);
      text += source.slice(i, end + 1);
      i = end;
    } else if (pair === "//" || pair === "/*") {
      const end = source.indexOf(pair === "//" ? "\n" : "*/", i + 2);
      if (end === -1) return text;
      text += source.startsWith(mark, i) ? "?" : " ";
      i = pair === "//" ? end : end + 1;
    } else {
      text += char;
    }
  }
  return text;
}

/** Splits at the commas that stand outside brackets and strings; a trailing comma adds nothing. */
function split(list: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let i = 0; i < list.length; i += 1) {
    const char = list[i] ?? "";
    if (char === ",") {
      parts.push(part);
      part = "";
      continue;
    }
    const end =
      char === '"' || char === "'" || char === "`"
        ? endOfString(list, i)
        : char in closers
          ? closing(list, i)
          : i;
    part += list.slice(i, end === -1 ? list.length : end + 1);
    i = end === -1 ? list.length : end;
  }
  parts.push(part);
  return parts.map((text) => text.trim()).filter((text) => text !== "");
}

/** The text before the first `=` outside brackets, and whether there is one. */
function splitAtEquals(text: string): [string, boolean] {
  const pattern = text.startsWith("{") || text.startsWith("[") ? closing(text, 0) + 1 : 0;
  const equals = text.indexOf("=", pattern);
  return equals === -1 ? [text.trim(), false] : [text.slice(0, equals).trim(), true];
}
