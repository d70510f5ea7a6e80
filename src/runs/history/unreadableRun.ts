import { readFile, stat } from "node:fs/promises";
import { RunEvent } from "../../model/runRecord.ts";
import type { RunSummary } from "../../model/runSummary.ts";

/** Longer than a record stands empty before it tells what was asked for. */
const BEGINNING_MS = 60_000;

/**
 * What stands for a record that does not begin with what was asked for, because its process was killed or the disk was
 * full just then. Null for one that may be about to begin, and for lines of another format.
 */
export async function unreadableRun(file: string, runId: string): Promise<RunSummary | null> {
  const { mtime } = await stat(file);
  if (Date.now() - mtime.getTime() < BEGINNING_MS) return null;
  const text = await readFile(file, "utf8");
  if (isForeign(text.split("\n", 1)[0] ?? "")) return null;
  const what = text === "" ? "is empty" : "does not begin with what was asked for";
  const message = `The record ${what}, because the process ended or the disk was full just then: nothing can be done with it but to discard it.`;
  return {
    ...{ runId, agent: { file_path: "", name: "" }, state: "unreadable", queuedAt: mtime.toISOString() },
    ...{ endedAt: null, durationMs: 0, attempts: 0, attemptsAtMost: 0, nextAttemptAt: null, progress: null },
    ...{ question: null, error: { name: "UnreadableError", message }, checkpointId: null, stopped: null },
    ...{ resumes: null, resumedBy: null, usage: null, batch: null, tool: null, step: null, worker: null },
  };
}

function isForeign(line: string): boolean {
  try {
    return !RunEvent.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
