/** An error that was read from a text. */
export interface TextError {
  name: string;
  message: string;
  /** The nearest frame first, in the form of V8. */
  stack: string;
  cause?: TextError | undefined;
}

/** As V8 has it, the message before the frames. */
export const withStack = (
  { name, message }: { name: string; message: string },
  frames: readonly string[],
): TextError => ({
  ...{ name, message },
  stack: `${name}: ${message}\n${frames.join("\n")}`,
});

/** The panic of a program in Go or Rust; null for any other text. */
export const ofPanic = (text: string): TextError | null => ofGo(text) ?? ofRust(text);

const goroutine = /\n[ \t]*goroutine \d+ (?:[^\s[]+ ){0,8}\[[^\]\n]*\]:\n/;
const goPackages = /\/(?:go|libexec)\/src\/|\/pkg\/mod\/|\/vendor\/|^runtime\//;

function ofGo(text: string): TextError | null {
  const head = /^(?:panic|fatal error): /m.exec(text);
  if (head === null) return null;
  const told = text.slice(head.index);
  const first = goroutine.exec(told);
  if (first === null) return null;
  const name = head[0].slice(0, -2);
  const frames: string[] = [];
  const lines = told.slice(first.index + first[0].length).split("\n");
  for (const [i, line] of lines.entries()) {
    // Those of other goroutines tell nothing of this one.
    if (line.trim() === "") break;
    const [, file = "", row = ""] = /^\s+(\S.*?):(\d+)(?: \+0x[0-9a-f]+)?$/.exec(line) ?? [];
    const method = lines[i - 1] ?? "";
    if (file === "" || goPackages.test(file) || /^(?:panic\(|runtime\.|created by )/.test(method)) continue;
    const arguments_ = method.endsWith(")") ? method.lastIndexOf("(") : -1;
    frames.push(`    at ${arguments_ > 0 ? method.slice(0, arguments_) : method} (${file}:${row}:1)`);
  }
  // Where memory was touched differs each time.
  const message = told
    .slice(head[0].length, first.index)
    .replace(/^\[signal .*\]$/m, "")
    .trim();
  return withStack({ name, message }, frames);
}

const rustPlace = String.raw`([^\s':]+\.rs):(\d+):(\d+)`;
const rustNow = new RegExp(String.raw`^thread '[^'\n]*' (?:\(\d+\) )?panicked at ${rustPlace}:\n`, "m");
const rustBefore = new RegExp(
  String.raw`^thread '[^'\n]*' panicked at '([^\n]*(?:\n(?!note: |stack backtrace:)[^\n]*){0,50})', ${rustPlace}$`,
  "m",
);

function ofRust(text: string): TextError | null {
  const now = rustNow.exec(text);
  if (now !== null) {
    const [told, file, row, column] = now;
    const [message = ""] = text.slice(now.index + told.length).split(/^(?:note: |stack backtrace:)/m);
    return withStack({ name: "panic", message: message.trim() }, [`    at ${file}:${row}:${column}`]);
  }
  const before = rustBefore.exec(text);
  if (before === null) return null;
  const [, message = "", file, row, column] = before;
  return withStack({ name: "panic", message }, [`    at ${file}:${row}:${column}`]);
}

const dotNetFrame = /^\s+at ([^\s(]+)\(([^()\n]*)\)(?: in (.+):line (\d+))?$/;
/** What Java has in the place of arguments. */
const javaPlace = /:\d+$|^(?:Native Method|Unknown Source|<generated>)$/;

/**
 * `at Class.Method(Type argument) in file:line 12` of .NET in the form of V8; without its file, as a release build has it, the
 * class stands for it. Empty for frames of the platform, null for a line that is none.
 */
export function ofDotNet(line: string): string | null {
  const [, method = "", given = "", path, row = "1"] = dotNetFrame.exec(line) ?? [];
  if (method === "" || (path === undefined && javaPlace.test(given))) return null;
  if (/^(?:System|Microsoft)\./.test(method)) return "";
  const file = path ?? method.slice(0, Math.max(0, method.lastIndexOf(".")));
  return `    at ${method} (${file === "" ? method : file}:${row}:1)`;
}
