import { closeSync, fstatSync, readFileSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CheckpointRun } from "../../model/checkpoints.ts";
import { RunEvent } from "../../model/runRecord.ts";
import { codeVersion, mostCodeBytes } from "../../model/codeVersion.ts";
import { isInside } from "../../runtime/files/isInside.ts";
import { openRegular } from "../listing/endsOfFile.ts";
import type { Entry } from "../listing/entry.ts";

/** Of longer records both ends are read. */
const mostBytes = 2 * 2 ** 20;
const wanted = /^\{"type":"(queued|started|checkpoint|retry|finished)"/;

/** What the record of a checkpoint's run tells; null where there is none. */
export function runOf({ id, runId, home }: Entry): CheckpointRun | null {
  if (runId === null || !/^[\w-]{1,200}$/.test(runId)) return null;
  let text: { head: string; tail: string };
  try {
    text = readBothEnds(join(home.folder.path, ".proj-intel", "runs", `${runId}.jsonl`));
  } catch {
    return null;
  }
  const head = eventsIn(text.head);
  const [queued] = head;
  if (queued?.type !== "queued") return null;
  const events = [...head, ...eventsIn(text.tail)];
  const saved = head.findIndex((event) => event.type === "checkpoint" && event.id === id);
  // A run starts again after a solution was applied: the code may have been changed meanwhile.
  const started = events
    .slice(0, saved === -1 ? undefined : saved)
    .findLast((event) => event.type === "started");
  const end = events.findLast((event) => event.type === "finished");
  return {
    runId,
    agent: `${queued.agent.file_path}#${queued.agent.name}`,
    attempt: saved === -1 ? null : 1 + head.slice(0, saved).filter(({ type }) => type === "retry").length,
    attempts: queued.retries + 1,
    status: end?.status ?? null,
    node: started?.node ?? null,
    code: started?.code === undefined ? null : codeOf(started.code, home.folder.path, queued.agent.file_path),
    resumes: queued.resumes ?? null,
  };
}

function codeOf(version: string, root: string, file: string): CheckpointRun["code"] {
  const path = resolve(root, file);
  if (!isInside(root, path)) return { version, changed: null };
  try {
    const found = openRegular(path);
    try {
      if (fstatSync(found).size > mostCodeBytes) return { version, changed: null };
      return { version, changed: codeVersion(readFileSync(found)) !== version };
    } finally {
      closeSync(found);
    }
  } catch {
    return { version, changed: null };
  }
}

function readBothEnds(path: string): { head: string; tail: string } {
  const file = openRegular(path);
  try {
    const { size } = fstatSync(file);
    const part = (from: number, to: number): string => {
      const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
      return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, from));
    };
    if (size <= mostBytes) return { head: part(0, size), tail: "" };
    return { head: part(0, mostBytes / 2), tail: part(size - mostBytes / 2, size) };
  } finally {
    closeSync(file);
  }
}

function eventsIn(text: string): RunEvent[] {
  return text.split("\n").flatMap((line) => {
    if (!wanted.test(line)) return [];
    try {
      const event = RunEvent.safeParse(JSON.parse(line));
      return event.success ? [event.data] : [];
    } catch {
      return [];
    }
  });
}
