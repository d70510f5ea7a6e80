import { shortId } from "../../model/runId.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { discardRun } from "../../runs/history/discardRun.ts";
import { findRun } from "../../runs/history/findRun.ts";
import { listRuns } from "../../runs/history/listRuns.ts";
import type { Output } from "../output.ts";
import { workspaceFolder } from "../workspace.ts";

export interface DiscardOptions {
  interrupted?: true;
  workspace?: string;
}

/** Removes the records of runs: those that are named, or all that were interrupted. */
export async function discardCommand(
  refs: string[],
  { interrupted, workspace }: DiscardOptions,
  output: Output,
): Promise<number> {
  if (refs.length > 0 === (interrupted === true))
    throw new UserError("Name the runs to discard, or give --interrupted for all that were interrupted.");
  const root = workspaceFolder(workspace);
  const named = new Set<string>();
  // All are found before the first is removed.
  for (const ref of refs) named.add(await findRun(root, ref));
  if (interrupted)
    for (const { runId, state } of await listRuns(root)) if (state === "interrupted") named.add(runId);
  for (const runId of named) {
    await discardRun(root, runId);
    output.line(`discarded  ${shortId(runId)}`);
  }
  output.note(`${counted(named.size, "run")} discarded; checkpoints stay.`);
  return 0;
}
