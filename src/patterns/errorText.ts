import { logLineOf } from "./logLine.ts";
import { ofDotNet, ofPanic, type TextError, withStack } from "./stackTexts.ts";

/** Of what is longer, the beginning tells. */
const longest = 100_000;
const mostCauses = 3;

/**
 * Reads the text of an error: `Name: message`, with or without a stack of Node, Python, Java or .NET, the panic of Go or
 * Rust, or the line of a structured log. What has neither a name nor a stack is no error but a plain text.
 */
export function errorOf(text: string): TextError | string {
  const line = logLineOf(text);
  const head = (line?.text ?? text).slice(0, longest).replace(/\r\n?/g, "\n").trim();
  const error = inText(head);
  if (line === null || line.name === "") return error;
  if (typeof error === "string") return { name: line.name, message: error, stack: "" };
  return { ...error, name: error.name === "Error" ? line.name : error.name };
}

function inText(head: string): TextError | string {
  if (/^Traceback \(most recent call last\):/m.test(head)) return ofPython(head);
  const panic = ofPanic(head);
  if (panic !== null) return panic;
  const chain = (nestedInDotNet(head) ?? head.split(/\n[ \t]*(?:Caused by|\[cause\]): /))
    .slice(0, mostCauses + 1)
    .map(ofStack);
  chain.forEach((error, i) => (error.cause = chain[i + 1]));
  const [error] = chain;
  if (error === undefined || (error.name === "" && error.stack === "" && chain.length === 1)) return head;
  for (const one of chain) one.name ||= "Error";
  return error;
}

const named =
  /^(?:Unhandled [Ee]xception[.:] |Uncaught (?:\(in promise\) )?|Exception in thread "[^"\n]*" )?([A-Za-z_$][\w$.]*(?:Error|Exception|Exit|Interrupt|Warning|Failure)|Error)(?: \[\w+\])?(?:: ?|$)/;

/** Name and message of the first line that has a name; above it Node prints where it was thrown. */
function ofMessage(text: string): { name: string; message: string } {
  const lines = text.split("\n");
  for (const [i, line] of lines.entries()) {
    const match = named.exec(line);
    if (match === null) continue;
    const message = [line.slice(match[0].length), ...lines.slice(i + 1)].join("\n").trim();
    return { name: match[1] ?? "", message };
  }
  return { name: "", message: text.trim() };
}

/** The texts of exceptions one inside the other, the outermost first: their frames stand the other way round. */
function nestedInDotNet(text: string): string[] | null {
  const parts = text.split(/^[ \t]*--- End of inner exception stack trace ---$/m);
  if (parts.length === 1) return null;
  const [first = ""] = parts;
  const at = first.search(/^[ \t]+at \S/m);
  const heads = first.slice(0, at === -1 ? first.length : at).split(/\n[ \t]?---> | ---> /);
  const frames = [at === -1 ? "" : first.slice(at), ...parts.slice(1)].reverse();
  return heads.map((head, i) => `${head.trim()}\n${(frames[i] ?? "").replace(/^\n+/, "")}`);
}

function ofStack(text: string): TextError {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => /^\s+at \S/.test(line));
  if (first === -1) return { ...ofMessage(text), stack: "" };
  const frames = lines.slice(first).map(ofFrame);
  return withStack(ofMessage(lines.slice(0, first).join("\n")), frames);
}

const ofFrame = (line: string): string => ofDotNet(line) ?? ofJava(line);

/** `at package.Class.method(File.java:12)` in the form of V8; the platform's own frames are left out. */
function ofJava(line: string): string {
  const match = /^\s+at (?:[\w.@-]+\/)*([\w$.<>]+)\(([\w$]+\.(?:java|kt|scala|groovy)):(\d+)\)/.exec(line);
  // Before an error's other properties, Node prints a brace.
  if (match === null) return line.replace(/ \{$/, "");
  const [, method = "", file = "", row = ""] = match;
  return /^(?:javax?|jdk|sun|kotlin|scala)\./.test(method) ? "" : `    at ${method} (${file}:${row}:1)`;
}

/** The last traceback is the error, the ones before it are its causes; the nearest frame is the last. */
function ofPython(text: string): TextError {
  const [first, ...others] = text
    .split(/^Traceback \(most recent call last\):\n?/m)
    .slice(1)
    .reverse()
    .map(ofTraceback);
  let last = first;
  for (const cause of others.slice(0, mostCauses)) {
    if (last !== undefined) last.cause = cause;
    last = cause;
  }
  return first ?? { name: "Error", message: text, stack: "" };
}

const frame = /^\s+File "([^"\n]*)", line (\d+)(?:, in (\S+))?/;
const foreign = /[\\/](?:site|dist)-packages[\\/]|[\\/]lib[\\/]python\d|^</;

function ofTraceback(text: string): TextError {
  const frames: string[] = [];
  const lines = text.split("\n");
  let end = 0;
  lines.forEach((line, i) => {
    const match = frame.exec(line);
    if (match === null) return;
    const [, file = "", row = "", name = "<module>"] = match;
    if (!foreign.test(file)) frames.unshift(`    at ${name} (${file}:${row}:1)`);
    end = i + 1;
  });
  // Below the last frame stands its code, indented, and then what was raised.
  const told = lines.slice(end);
  const at = told.findIndex((line) => /^\S/.test(line));
  const message = (at === -1 ? told : told.slice(at))
    .join("\n")
    .replace(/\n(?:During handling of the above|The above exception was)[\s\S]*$/, "")
    .trim();
  const colon = /^([A-Za-z_][\w.]*)(?:: |:?$)/m.exec(message);
  const named = colon?.index === 0;
  return withStack(
    named
      ? { name: colon[1] ?? "", message: message.slice(colon[0].length).trim() }
      : { name: "Error", message },
    frames,
  );
}
