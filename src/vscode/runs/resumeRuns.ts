import type * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import type { Slots } from "../../runs/run.ts";
import { inProgressWhenSlow } from "../inProgress.ts";
import { saveSources } from "../run/runnable.ts";
import type { Runner } from "../run/runner.ts";

export interface Resumable {
  folder: vscode.WorkspaceFolder;
  runId: string;
}

/**
 * Resumes runs together, each from its last checkpoint. Rejects with a UserError that tells of all that cannot be.
 * @param turns lets so many of them be at work at a time
 */
export async function resumeRuns(runner: Runner, runs: readonly Resumable[], turns: Slots): Promise<void> {
  for (const folder of new Set(runs.map((run) => run.folder))) await saveSources(folder);
  const refusals: string[] = [];
  await inProgressWhenSlow(`Resuming ${counted(runs.length, "run")}`, async (signal) => {
    for (const { folder, runId } of runs) {
      if (signal.aborted) return;
      await runner.resume(folder, runId, turns).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        refusals.push(error.message);
      });
    }
  });
  const [refusal] = refusals;
  if (refusal !== undefined)
    throw new UserError(`${refusals.length} of ${counted(runs.length, "run")} cannot be resumed. ${refusal}`);
}
