import { findRun } from "../../runs/history/findRun.ts";
import { RunService } from "../../runs/runService.ts";
import { bundles } from "../bundles.ts";
import type { Output } from "../output.ts";
import { follow } from "../runCommand.ts";
import { workspaceFolder } from "../workspace.ts";

export interface ResumeOptions {
  json?: true;
  workspace?: string;
}

/** Goes on with a run that failed, was cancelled or interrupted, and tells it as `run` does. */
export async function resumeCommand(ref: string, options: ResumeOptions, output: Output): Promise<number> {
  const root = workspaceFolder(options.workspace);
  const runId = await findRun(root, ref);
  const service = new RunService({ hostFile: bundles.host, nodePath: process.execPath });
  return await follow(service, (hear) => service.resume(root, runId, hear), options, output);
}
