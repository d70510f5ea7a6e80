import { shortId } from "../../model/runId.ts";
import { isAtWork } from "../../model/runSummary.ts";
import { UserError } from "../../model/userError.ts";
import { cancelRun } from "../../runs/control/otherProcess.ts";
import { findRunOrBatch } from "../../runs/history/findRun.ts";
import type { Output } from "../output.ts";
import { workspaceFolder } from "../workspace.ts";

export interface CancelOptions {
  workspace?: string;
}

/** Stops runs, whatever process they belong to, and waits until they have ended. */
export async function cancelCommand(
  refs: string[],
  { workspace }: CancelOptions,
  output: Output,
): Promise<number> {
  const root = workspaceFolder(workspace);
  const named = new Set<string>();
  // All are found before the first is stopped.
  for (const ref of refs) for (const runId of await runsToStop(root, ref)) named.add(runId);
  let exitCode = 0;
  for (const runId of named) {
    try {
      await cancelRun(root, runId);
      output.line(`cancelled  ${shortId(runId)}`);
    } catch (error) {
      // It may have ended meanwhile; the others are stopped all the same.
      if (!(error instanceof UserError)) throw error;
      output.note(error.message);
      exitCode = 2;
    }
  }
  return exitCode;
}

/** Of a batch what waits first, so that nothing begins in place of what ends. */
async function runsToStop(root: string, ref: string): Promise<string[]> {
  const found = await findRunOrBatch(root, ref);
  if (typeof found === "string") return [found];
  const atWork = found.runs.filter(isAtWork);
  if (atWork.length === 0) throw new UserError(`Batch ${found.id} has ended already.`);
  const waiting = ({ state }: { state: string }) => Number(state === "queued");
  return atWork.sort((a, b) => waiting(b) - waiting(a)).map(({ runId }) => runId);
}
