import { dirname } from "node:path";
import { inspect } from "node:util";
import type { RunError } from "../model/runRecord.ts";

/** Frames of Node and of this bundle tell the user nothing. */
const isForeignFrame = (line: string): boolean =>
  line.includes("(node:") || line.includes("at node:") || line.includes(dirname(__filename));

/**
 * Drops the frames that are not the user's, and what transpilers add to their messages; any thrown value will do.
 * What caused `origin` is added to the message, because "fetch failed" alone helps nobody.
 */
export function readableError(thrown: unknown, origin = thrown): RunError {
  if (!isErrorLike(thrown)) {
    const message = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 3, breakLength: 100 });
    return { name: "Error", message: message === "" ? "(an empty string was thrown)" : message };
  }
  const { name, message: own } = parts(thrown);
  const causes = [...new Set(causesOf(origin))].filter((cause) => cause !== "" && !own.includes(cause));
  const message = withCauses(own, causes);
  const stack = typeof thrown.stack === "string" ? userFrames(thrown.stack) : "";
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
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const several: unknown[] = Array.isArray(errors) ? errors.slice(0, 5) : [];
  return [...several, cause].flatMap((each) => {
    if (each === undefined || each === null) return [];
    const message = isErrorLike(each) ? parts(each).message : inspect(each, { depth: 1, breakLength: 100 });
    return [typeof each === "string" ? each : message, ...causesOf(each, depth - 1)];
  });
}

function userFrames(stack: string): string {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const ours = frames.filter((line) => !isForeignFrame(line));
  // Generators and iterators of the runtime, without a place.
  while (ours.at(-1)?.endsWith("(<anonymous>)")) ours.pop();
  return ours.join("\n");
}

const PARSE_ERROR = /^(?:ParseError|SyntaxError): ([\s\S]+?)\s*\n\s*(\S.*:\d+:\d+)\s*$/;

function parts(error: ErrorLike): { name: string; message: string } {
  const name = typeof error.name === "string" && error.name !== "" ? error.name : "Error";
  const message = typeof error.message === "string" ? error.message : String(error.message);
  const parse = PARSE_ERROR.exec(message);
  if (parse)
    return {
      name: "SyntaxError",
      message: `${firstLine(parse[1]).replace(/ \(\d+:\d+\):?$/, "")} (${parse[2] ?? ""})`,
    };
  return { name, message: message.replace(/\nRequire stack:\n(?:- .*(?:\n|$))*/, "") };
}

const firstLine = (text = ""): string => text.split("\n", 1)[0]?.trim() ?? "";

interface ErrorLike {
  name?: unknown;
  message: unknown;
  stack?: unknown;
}

/** Structural: an error from another realm (vm, jest) is no instance of this Error. */
function isErrorLike(value: unknown): value is ErrorLike {
  return (
    typeof value === "object" && value !== null && "message" in value && ("stack" in value || "name" in value)
  );
}
