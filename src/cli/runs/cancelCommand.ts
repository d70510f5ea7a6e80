import { shortId } from "../../model/runId.ts";
import { cancelRun } from "../../runs/control/otherProcess.ts";
import { findRun } from "../../runs/history/findRun.ts";
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
  for (const ref of refs) named.add(await findRun(root, ref));
  for (const runId of named) {
    await cancelRun(root, runId);
    output.line(`cancelled  ${shortId(runId)}`);
  }
  return 0;
}
