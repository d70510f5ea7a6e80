const mostFrames = 3;
const longestLine = 1000;
const foreign =
  /(?:^|[\\/])node_modules[\\/]|^node:|^internal[\\/]|<anonymous>|[\\/]opsvi-agents[\\/](?:core|dist)\b/;

/** The folder of this library's own code, which is never to blame. */
const own = folderOf(
  /\(?((?:file:\/\/)?[^\s()]+?):\d+:\d+\)?$/m.exec((new Error().stack ?? "").split("\n")[1] ?? "")?.[1],
);

function folderOf(file: string | undefined): string | null {
  if (file === undefined) return null;
  const path = plainPath(file);
  const source = path.lastIndexOf("/src/runtime/");
  return source === -1
    ? path.slice(0, path.lastIndexOf("/") + 1)
    : path.slice(0, source + "/src/runtime/".length);
}

function plainPath(file: string): string {
  return file.replace(/^file:\/\//, "").replaceAll("\\", "/");
}

/**
 * The nearest frames of the program's own code, as `function (file)`: without line numbers and folders, which change
 * from edit to edit and machine to machine; without the extension, which changes when TypeScript is compiled.
 */
export function inAppFrames(stack: string | undefined): string[] {
  if (stack === undefined) return [];
  const frames: string[] = [];
  for (const line of stack.split("\n")) {
    if (line.length > longestLine) continue;
    const match = /^\s*at (?:async )?(?:(.*?) \()?(.+?):\d+:\d+\)?$/.exec(line);
    const file = match?.[2];
    if (file === undefined || foreign.test(file)) continue;
    const path = plainPath(file);
    if (own !== null && path.startsWith(own)) continue;
    const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.[cm]?[jt]sx?$/, "");
    const name = (match?.[1] ?? "<anonymous>").replace(/ \[as .+\]$/, "");
    const frame = `${name} (${base})`;
    // Recursion makes the same error deep or shallow.
    if (frames.at(-1) !== frame) frames.push(frame);
    if (frames.length === mostFrames) break;
  }
  return frames;
}
