import { dirname } from "node:path";
import { inspect } from "node:util";
import { describeError, fieldOf, unreadableMessage } from "../runtime/core/errors.ts";
import type { RunError } from "../model/runRecord.ts";

/** Frames of Node and of this bundle tell the user nothing. */
const isForeignFrame = (line: string): boolean =>
  line.includes("(node:") || line.includes("at node:") || line.includes(dirname(__filename));

/**
 * Drops the frames that are not the user's, and what transpilers add to their messages; any thrown value will do.
 * What caused `origin` is added to the message, because "fetch failed" alone helps nobody.
 */
export function readableError(thrown: unknown, origin = thrown): RunError {
  const error = asError(thrown);
  if (error === null) {
    const message = typeof thrown === "string" ? thrown : inspected(thrown, 3);
    return { name: "Error", message: message === "" ? "(an empty string was thrown)" : message };
  }
  const { name, message: own } = parts(error);
  const causes = [...new Set(causesOf(origin))].filter((cause) => cause !== "" && !own.includes(cause));
  const message = withCauses(own, causes);
  const stack = userFrames(error.stack);
  return { name, message, ...(stack !== "" && { stack: `${name}: ${message}\n${stack}` }) };
}

/** The same for an error that is plain data already. */
export function readableInfo(error: RunError, origin?: unknown): RunError {
  const { name, message, signature } = error;
  if (name === "NonError" && (message === "null" || message === "undefined"))
    error = { name, message: `${message} was thrown in place of an error` };
  return { ...readableError(error, origin), ...(signature !== undefined && { signature }) };
}

function withCauses(message: string, causes: string[]): string {
  const list = causes.join("; ");
  if (message === "") return list === "" ? "(no message)" : list;
  return list === "" ? message : `${message} (cause: ${list})`;
}

/** The messages of `cause` and, in an AggregateError, of `errors`, and of their own causes. */
function causesOf(error: unknown, depth = 5): string[] {
  if (depth === 0 || typeof error !== "object" || error === null) return [];
  return [...severalOf(error), fieldOf(error, "cause")].flatMap((each) => {
    if (each === undefined || each === null) return [];
    const like = asError(each);
    const message = like === null ? inspected(each, 1) : parts(like).message;
    return [typeof each === "string" ? each : message, ...causesOf(each, depth - 1)];
  });
}

function severalOf(error: object): unknown[] {
  try {
    const errors = fieldOf(error, "errors");
    return Array.isArray(errors) ? errors.slice(0, 5) : [];
  } catch {
    return [];
  }
}

function inspected(value: unknown, depth: number): string {
  try {
    return inspect(value, { depth, breakLength: 100 });
  } catch {
    return describeError(value).message;
  }
}

function userFrames(stack: string): string {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const ours = frames.filter((line) => !isForeignFrame(line));
  // Generators and iterators of the runtime, without a place.
  while (ours.at(-1)?.endsWith("(<anonymous>)")) ours.pop();
  return ours.join("\n");
}

const PARSE_ERROR = /^(?:ParseError|SyntaxError): ([\s\S]+?)\s*\n\s*(\S.*:\d+:\d+)\s*$/;

function parts({ name, message }: ReadError): { name: string; message: string } {
  const parse = PARSE_ERROR.exec(message);
  if (parse)
    return {
      name: "SyntaxError",
      message: `${firstLine(parse[1]).replace(/ \(\d+:\d+\):?$/, "")} (${parse[2] ?? ""})`,
    };
  return { name, message: message.replace(/\nRequire stack:\n(?:- .*(?:\n|$))*/, "") };
}

const firstLine = (text = ""): string => text.split("\n", 1)[0]?.trim() ?? "";

/** What could be read of an error: its getters and proxies may throw. */
interface ReadError {
  name: string;
  message: string;
  stack: string;
}

/** Structural: an error from another realm (vm, jest) is no instance of this Error. Null for what is no error. */
function asError(value: unknown): ReadError | null {
  if (typeof value !== "object" || value === null || !looksLikeError(value)) return null;
  const name = fieldOf(value, "name");
  const message = fieldOf(value, "message");
  const stack = fieldOf(value, "stack");
  return {
    name: typeof name === "string" && name !== "" ? name : "Error",
    message:
      typeof message === "string" ? message : (unreadableMessage(value) ?? describeError(message).message),
    stack: typeof stack === "string" ? stack : "",
  };
}

function looksLikeError(value: object): boolean {
  try {
    return "message" in value && ("stack" in value || "name" in value);
  } catch {
    return unreadableMessage(value) !== undefined;
  }
}
