import { open, readdir, type FileHandle } from "node:fs/promises";
import type { RunEvent } from "../../model/runRecord.ts";
import type { RunSummary } from "../../model/runSummary.ts";
import { UserError } from "../../model/userError.ts";
import { recordFile, recordsFolder } from "../recordPlace.ts";
import { parseRun, readRun } from "../readRun.ts";
import { isRecorderAlive, LivingOwners } from "./runOwner.ts";
import { summarize } from "./summarize.ts";
import { unreadableRun } from "./unreadableRun.ts";

/** A run tells at its begin what was asked for and at its end what came of it; between is its log. */
const EDGE_BYTES = 64 * 1024;
const AT_ONCE = 32;

/** The ids of the recorded runs of a workspace folder, the newest first. */
export async function runIds(root: string): Promise<string[]> {
  const files = await readdir(recordsFolder(root), { withFileTypes: true }).catch(() => []);
  const names = files.filter((file) => !file.isDirectory()).map(({ name }) => name);
  // Ids begin with the time.
  const ids = names.flatMap((name) => /^([\w-]+)\.jsonl$/.exec(name)?.[1] ?? []).sort();
  return ids.reverse();
}

/** The runs of a workspace folder, the newest first. Files that cannot be read or are no records are left out. */
export async function listRuns(root: string, limit = Infinity): Promise<RunSummary[]> {
  return summariesOf(root, (await runIds(root)).slice(0, limit));
}

/** {@link listRuns} as far back as one of them. */
export async function runsSince(root: string, oldest: string): Promise<RunSummary[]> {
  return summariesOf(
    root,
    (await runIds(root)).filter((id) => id >= oldest),
  );
}

/** In the order of their ids. */
export async function summariesOf(root: string, ids: readonly string[]): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  for await (const portion of inPortions(root, ids)) found.push(...portion);
  return withSuccessors(found);
}

/**
 * What a list of the newest runs lacks of their batches. The runs of a batch are recorded one after the other, so it is
 * read no further than they go.
 */
export async function restOfBatches(root: string, listed: readonly RunSummary[]): Promise<RunSummary[]> {
  const batches = new Set(listed.flatMap(({ batch }) => batch ?? []));
  const oldest = listed.at(-1)?.runId;
  if (batches.size === 0 || oldest === undefined) return [];
  const older = (await runIds(root)).filter((id) => id < oldest);
  const found: RunSummary[] = [];
  for await (const portion of inPortions(root, older)) {
    const theirs = portion.filter(({ batch }) => batch !== null && batches.has(batch));
    if (theirs.length === 0) break;
    found.push(...theirs);
  }
  return withSuccessors([...listed, ...found]).slice(listed.length);
}

async function* inPortions(root: string, ids: readonly string[]): AsyncGenerator<RunSummary[]> {
  const owners = new LivingOwners(recordsFolder(root));
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const portion = ids.slice(from, from + AT_ONCE);
    const summaries = await Promise.all(portion.map((id) => readSummary(root, id, owners).catch(() => null)));
    yield summaries.filter((summary) => summary !== null);
  }
}

/** Where a process ended between recording a run and telling so to the one it resumes. */
function withSuccessors(summaries: RunSummary[]): RunSummary[] {
  const successors = new Map(summaries.map(({ runId, resumes }) => [resumes, runId]));
  return summaries.map((summary) =>
    summary.resumedBy === null ? { ...summary, resumedBy: successors.get(summary.runId) ?? null } : summary,
  );
}

/** Null where there is no record, or not yet. */
export async function readSummary(
  root: string,
  runId: string,
  owners = new LivingOwners(recordsFolder(root)),
): Promise<RunSummary | null> {
  const events = await readEnds(root, runId);
  const summary = summarize(events, await isRecorderAlive(recordsFolder(root), events, owners));
  if (summary === null) return unreadableRun(recordFile(root, runId), runId);
  // A record is known by the name of its file, whatever stands in it.
  return { ...summary, runId };
}

/** The events at the two ends of a record that tell the whole, else all events. */
export async function readEnds(root: string, runId: string): Promise<RunEvent[]> {
  const text = await edgesOf(recordFile(root, runId)).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(`The record of run ${runId} cannot be read (${code}).`);
  });
  const edges = parseRun(text);
  const whole = edges[0]?.type === "queued" && edges.some(({ type }) => type === "finished");
  return whole ? edges : await readRun(root, runId);
}

async function edgesOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size <= 2 * EDGE_BYTES) return await file.readFile("utf8");
    return (await part(file, 0)) + (await part(file, size - EDGE_BYTES));
  } finally {
    await file.close();
  }
}

async function part(file: FileHandle, position: number): Promise<string> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(EDGE_BYTES), position });
  return buffer.toString("utf8", 0, bytesRead);
}
