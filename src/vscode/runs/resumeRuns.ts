import type * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { resumeEach } from "../../runs/history/resumeEach.ts";
import { Slots } from "../../runs/slots.ts";
import { inProgressWhenSlow } from "../inProgress.ts";
import { saveSources } from "../run/runnable.ts";
import type { Runner } from "../run/runner.ts";

export interface Resumable {
  folder: vscode.WorkspaceFolder;
  runId: string;
}

/** Resumes a run from its last checkpoint. Rejects with a UserError where that cannot be. */
export async function resumeOne(runner: Runner, { folder, runId }: Resumable): Promise<void> {
  await saveSources(folder);
  await runner.resume(folder, runId);
}

/**
 * Resumes runs together, each from its last checkpoint. Rejects with a UserError that tells of all that cannot be.
 * @param concurrency how many of them are at work at a time
 */
export async function resumeRuns(
  runner: Runner,
  runs: readonly Resumable[],
  concurrency = Infinity,
): Promise<void> {
  for (const folder of new Set(runs.map((run) => run.folder))) await saveSources(folder);
  const turns = new Slots(concurrency);
  const [refusal, ...others] = await inProgressWhenSlow(`Resuming ${counted(runs.length, "run")}`, (signal) =>
    resumeEach(
      runs,
      () => signal.aborted,
      ({ folder, runId }) => runner.resume(folder, runId, turns),
    ),
  );
  if (refusal !== undefined)
    throw new UserError(
      `${others.length + 1} of ${counted(runs.length, "run")} cannot be resumed. ${refusal.message}`,
    );
}
