import { shortId } from "../../model/runId.ts";
import { counted } from "../../model/counted.ts";
import { isAtWork } from "../../model/runSummary.ts";
import { UserError } from "../../model/userError.ts";
import { discardRun } from "../../runs/history/discardRun.ts";
import { findRunOrBatch } from "../../runs/history/findRun.ts";
import { listRuns } from "../../runs/history/listRuns.ts";
import type { Output } from "../output.ts";
import { workspaceFolder } from "../workspace.ts";

export interface DiscardOptions {
  interrupted?: true;
  workspace?: string;
}

/** Removes the records of runs: those that are named, or all that were interrupted, also where that left no more than a torn record. */
export async function discardCommand(
  refs: string[],
  { interrupted, workspace }: DiscardOptions,
  output: Output,
): Promise<number> {
  if (refs.length > 0 && interrupted) throw new UserError("Name runs or give --interrupted, not both.");
  if (refs.length === 0 && !interrupted)
    throw new UserError("Name the runs to discard, or give --interrupted for all that were interrupted.");
  const root = workspaceFolder(workspace);
  const named = new Set<string>();
  // All are found before the first is removed.
  for (const ref of refs) for (const runId of await endedRuns(root, ref)) named.add(runId);
  if (interrupted)
    for (const { runId, state } of await listRuns(root))
      if (state === "interrupted" || state === "unreadable") named.add(runId);
  for (const runId of named) {
    await discardRun(root, runId);
    output.line(`discarded  ${shortId(runId)}`);
  }
  output.note(`${counted(named.size, "run")} discarded; checkpoints stay.`);
  return 0;
}

async function endedRuns(root: string, ref: string): Promise<string[]> {
  const found = await findRunOrBatch(root, ref);
  if (typeof found === "string") return [found];
  if (found.runs.some(isAtWork))
    throw new UserError(`Batch ${found.id} has not ended: cancel it before it is discarded.`);
  return found.runs.map(({ runId }) => runId);
}
