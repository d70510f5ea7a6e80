const mostFrames = 3;
const longestLine = 1000;
const longestFrame = 200;
/** What comes after is never among the nearest. */
const mostLines = 200;
const foreign =
  /(?:^|[\\/])node_modules[\\/]|^node:|^internal[\\/]|<anonymous>|[\\/]opsvi-agents[\\/](?:core|dist)\b/;

/** The folder of this library's own code, which is never to blame. */
const own = ownFolder(new Error().stack ?? "");

/**
 * The folder of the code whose stack is given, or null where the library is bundled into somebody's program: then its
 * folder is the program's.
 */
export function ownFolder(stack: string): string | null {
  const file = /\(?((?:file:\/\/)?[^\s()]+?):\d+:\d+\)?$/.exec(stack.split("\n")[1] ?? "")?.[1];
  if (file === undefined) return null;
  const path = plainPath(file);
  const source = path.lastIndexOf("/src/runtime/");
  if (source !== -1) return path.slice(0, source + "/src/runtime/".length);
  return path.includes("opsvi-agents") ? path.slice(0, path.lastIndexOf("/") + 1) : null;
}

function plainPath(file: string): string {
  const path = file.startsWith("file://") ? file.slice("file://".length) : file;
  return path.includes("\\") ? path.replaceAll("\\", "/") : path;
}

/**
 * The nearest frames of the program's own code, as `function (file)`: without line numbers and folders, which change
 * from edit to edit and machine to machine; without the extension, which changes when TypeScript is compiled. The
 * message, which stands in the stack too, is not searched where it is given.
 */
export function inAppFrames(stack: string | undefined, message = ""): string[] {
  if (stack === undefined) return [];
  const frames: string[] = [];
  const head = message === "" ? -1 : stack.indexOf(message);
  let start = head === -1 ? 0 : head + message.length;
  for (let lines = 0; lines < mostLines && start < stack.length; lines += 1) {
    const newline = stack.indexOf("\n", start);
    const end = newline === -1 ? stack.length : newline;
    const frame = end - start > longestLine ? null : frameOf(stack.slice(start, end));
    start = end + 1;
    // Recursion makes the same error deep or shallow.
    if (frame === null || frames.at(-1) === frame) continue;
    frames.push(frame);
    if (frames.length === mostFrames) break;
  }
  return frames;
}

/** A line of a stack, `at function (file:line:column)` or `at file:line:column`; null for all else and foreign code. */
function frameOf(line: string): string | null {
  const match = /^\s*at (?:async )?/.exec(line);
  if (match === null) return null;
  const named = line.endsWith(")");
  const place = positionless(named ? line.slice(0, -1) : line);
  if (place === null) return null;
  const open = named ? line.indexOf(" (", match[0].length - 1) : -1;
  const file = place.slice(open === -1 ? match[0].length : open + 2);
  if (file === "" || foreign.test(file)) return null;
  const path = plainPath(file);
  if (own !== null && path.startsWith(own)) return null;
  return `${functionName(line, match[0].length, open)} (${baseName(path)})`.slice(0, longestFrame);
}

/** Without the line and column at the end; null where there are none. */
function positionless(line: string): string | null {
  const column = beforeDigits(line, line.length);
  const row = column === -1 ? -1 : beforeDigits(line, column);
  return row === -1 ? null : line.slice(0, row);
}

/** Where the colon stands before the digits that end at `end`; -1 where there are no such. */
function beforeDigits(line: string, end: number): number {
  let at = end - 1;
  while (at >= 0 && isDigit(line.charCodeAt(at))) at -= 1;
  return at < end - 1 && line.charAt(at) === ":" ? at : -1;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function functionName(line: string, start: number, open: number): string {
  if (open < start) return "<anonymous>";
  return line.slice(start, open).replace(/ \[as [^\]]+\]$/, "");
}

/** Without the extension, a query, and what a bundler makes of the content. */
function baseName(path: string): string {
  return path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/[?#].*$/, "")
    .replace(/\.[cm]?[jt]sx?$/, "")
    .replace(/[-.](?:(?=\w*\d)(?=\w*[A-Z])\w{8}|[0-9a-f]{8,})$/, "");
}
