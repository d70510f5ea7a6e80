import type { RetentionPolicy } from "../../model/checkpoints.ts";
import { findRunOrBatch } from "../../runs/history/findRun.ts";
import { Slots } from "../../runs/slots.ts";
import { openService } from "../openService.ts";
import type { Output } from "../output.ts";
import type { QueueOptions } from "../queue/options.ts";
import { follow } from "../runCommand.ts";
import { workspaceFolder } from "../workspace.ts";
import { resumeBatch } from "./resumeBatch.ts";

export interface ResumeOptions extends QueueOptions {
  autoFix?: true;
  concurrency?: number;
  env?: string;
  retention?: RetentionPolicy;
  json?: true;
  workspace?: string;
}

/** Goes on with a run that failed, was cancelled or interrupted, and tells it as `run` does; or with those of a batch. */
export async function resumeCommand(ref: string, options: ResumeOptions, output: Output): Promise<number> {
  const { concurrency, workspace } = options;
  const root = workspaceFolder(workspace);
  const found = await findRunOrBatch(root, ref);
  const slots = concurrency === undefined ? undefined : new Slots(concurrency);
  const open = () => openService(options, output, { slots });
  if (typeof found !== "string") return await resumeBatch(root, found, open, options, output);
  const service = await open();
  return await follow(service, (hear) => service.resume(root, found, hear), options, output);
}
