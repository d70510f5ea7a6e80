import { join } from "node:path";
import type { RunEvent } from "../../model/runRecord.ts";
import { UserError } from "../../model/userError.ts";
import { FileCheckpointStore } from "../../runtime/index.ts";
import { recordFile, recordsFolder } from "../recordPlace.ts";
import { readRun } from "../readRun.ts";
import { appendToRecord } from "../recorder.ts";
import type { Run, StartRequest } from "../run.ts";
import { claimed } from "./claim.ts";
import { firstEvent } from "./firstEvent.ts";
import { runIds } from "./listRuns.ts";
import { resumption } from "./resumption.ts";
import { isRecorderAlive } from "./runOwner.ts";

const MOST_KNOWN = 10_000;
const known = new Map<string, string | null>();

/**
 * Starts the run that resumes another one, from its last checkpoint; the record of that one names it from then on.
 * Rejects with a UserError where it cannot be resumed.
 * @param by as in `resumption`
 */
export async function resumeRun(
  root: string,
  runId: string,
  start: (request: StartRequest) => Run,
  listener: (event: RunEvent) => void,
  by: "user" | "pipeline" = "user",
): Promise<Run> {
  // Refuses what is no run before anything is written.
  await readRun(root, runId);
  const runs = recordsFolder(root);
  return claimed(runs, runId, async () => {
    const events = await readRun(root, runId);
    const alive = await isRecorderAlive(runs, events);
    const { request, checkpoints } = resumption(root, runId, events, alive, by);
    const other = await successorOf(root, runId);
    if (other !== null) throw new UserError(`Run ${runId} was resumed already, as run ${other}.`);
    const run = start({ ...request, checkpoint: firstKept(root, checkpoints) });
    run.onEvent(listener);
    if (await isRecorded(run)) {
      const time = new Date().toISOString();
      await appendToRecord(root, { type: "resumed", runId, time, by: run.id });
    }
    return run;
  });
}

/** A process may have ended between recording a run and telling so to the one it resumes. Later runs have greater ids. */
async function successorOf(root: string, runId: string): Promise<string | null> {
  const later = (await runIds(root)).filter((id) => id > runId);
  for (const id of later) if ((await resumedBy(root, id)) === runId) return id;
  return null;
}

/** The run that a recorded one resumes. What a record begins with stays: many are resumed without reading all anew each time. */
async function resumedBy(root: string, runId: string): Promise<string | null> {
  const file = recordFile(root, runId);
  const seen = known.get(file);
  if (seen !== undefined) return seen;
  const queued = await firstEvent(root, runId);
  const resumes = queued?.resumes ?? null;
  if (known.size >= MOST_KNOWN) known.clear();
  if (queued !== null) known.set(file, resumes);
  return resumes;
}

function firstKept(root: string, checkpoints: readonly string[]): string | undefined {
  // What cannot be read is passed over.
  const store = new FileCheckpointStore(join(root, ".proj-intel", "checkpoints"), {
    onWarning: () => undefined,
  });
  return checkpoints.find((id) => store.load(id) !== null);
}

/** Resolves when the run is on disk, or has ended without ever being. */
function isRecorded(run: Run): Promise<boolean> {
  return new Promise((resolve) => {
    const off = run.onEvent(({ type }) => {
      off();
      resolve(type === "queued");
    });
  });
}
