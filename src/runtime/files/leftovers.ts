import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const temporaryName = /^\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
/** Writing and renaming a file takes less. */
const ABANDONED_MS = 60_000;
const cleared = new Map<string, number>();

/**
 * Removes temporary files that nobody will rename any more, in a folder at most once in a while.
 * @param now by the clock of the file system, which another computer may keep
 */
export function clearLeftovers(folder: string, now: () => number): void {
  const last = cleared.get(folder);
  if (last !== undefined && Math.abs(Date.now() - last) < ABANDONED_MS) return;
  cleared.set(folder, Date.now());
  try {
    const youngest = now() - ABANDONED_MS;
    for (const name of readdirSync(folder)) {
      if (!temporaryName.test(name)) continue;
      const path = join(folder, name);
      if (lstatSync(path).mtimeMs < youngest) rmSync(path, { force: true });
    }
  } catch {
    // Another one clears away here, or it is only untidy.
  }
}
