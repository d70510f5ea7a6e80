import type { SharedLogs } from "./sharedLogs.ts";

/** All lines of a log; none where there is none. */
export async function wholeLog(logs: SharedLogs, name: string): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const lines = (await logs.read(new Map([[name, all.length]]))).get(name) ?? [];
    if (lines.length === 0) return all;
    all.push(...lines);
  }
}
