import { isObject } from "./mergePatch.ts";

/** What a line of a structured log says. */
export interface LogLine {
  /** Its message, with the error's; or the stack. */
  text: string;
  /** The name of the error; "" where there is none. */
  name: string;
}

type Fields = Record<string, unknown>;

/** Of what is longer, too much would be read to tell. */
const longest = 2 ** 20;
const messages = ["msg", "message", "event", "short_message", "@m", "@mt"];
const errors = ["err", "error", "exception", "exc_info"];
const stacks = [
  "stack",
  "stacktrace",
  "stack_trace",
  "error.stack_trace",
  "error.stack",
  "exception",
  "exc_info",
  "@x",
];
const codes = ["code", "error_code", "errorCode", "error.code"];
const names = ["error.type", "error_type", "exception.type", "errorType", "exc_type"];

/**
 * The message of a line that is JSON or of pairs (`level=error msg="disk full"`), as loggers write them: the time, the host
 * and what else stands beside it tell nothing of the error. Null for any other text.
 */
export function logLineOf(text: string): LogLine | null {
  if (text.length > longest) return null;
  const line = text.trim();
  const fields = line.startsWith("{") && line.endsWith("}") ? jsonOf(line) : pairsOf(line);
  return fields === null ? null : lineOf(fields);
}

function lineOf(fields: Fields): LogLine | null {
  const error = errors.map((key) => fields[key]).find(isObject) ?? {};
  const name = textIn(error, ["type", "name", "class"]) || textIn(fields, names);
  const stack = [textIn(error, stacks), textIn(fields, stacks)].find((text) => /\n\s/.test(text));
  if (stack !== undefined) return { text: stack, name };
  const said = textIn(fields, messages);
  const told = textIn(error, messages) || textIn(fields, [...errors, "error.message"]);
  const text = [...new Set([said, told])].filter(Boolean).join(": ");
  if (text === "") return null;
  // Codes in words tell errors apart that say the same.
  const code = textIn(error, codes) || textIn(fields, codes);
  const isTold = !/^[A-Za-z_][\w.-]*$/.test(code) || text.includes(code);
  return { text: isTold ? text : `${text} (${code})`, name };
}

function textIn(fields: Fields, keys: readonly string[]): string {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return "";
}

function jsonOf(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** All of the line is pairs. */
function pairsOf(line: string): Fields | null {
  const pair = /([\w.@/-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|$)/y;
  const fields = new Map<string, unknown>();
  while (pair.lastIndex < line.length) {
    const match = pair.exec(line);
    if (match === null) return null;
    const [, key = "", quoted, bare = ""] = match;
    fields.set(key, quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, "$1").replaceAll("\\n", "\n"));
  }
  return fields.size < 2 ? null : Object.fromEntries(fields);
}
