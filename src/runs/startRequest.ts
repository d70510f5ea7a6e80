import type { LimitFunction } from "p-limit";
import type { ChosenFix } from "../model/fix.ts";
import { folderPath } from "../model/folderPath.ts";
import type { RunRequest } from "../model/hostProtocol.ts";
import { limitsWith } from "../model/runLimits.ts";
import type { Queued } from "../model/runRecord.ts";

/** So many runs at a time; the others wait as queued. */
export type Slots = LimitFunction;

export interface StartRequest {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Absolute path of the module. */
  file: string;
  /** The class name; "default" for an anonymous default export. */
  name: string;
  task: unknown;
  /** Constructor arguments. */
  args?: unknown[] | undefined;
  /** Further attempts after the first; default 0. */
  retries?: number | undefined;
  /** Default: none. */
  timeoutMs?: number | undefined;
  /** Limits, see `RunLimits`; by default the usual ones. */
  memoryMb?: number | undefined;
  logMb?: number | undefined;
  resultMb?: number | undefined;
  /** The id of the checkpoint to go on from; default: from the beginning. */
  checkpoint?: string | undefined;
  /** The run that this one resumes. `RunService.resume` sees to it that none is resumed twice. */
  resumes?: string | undefined;
  /** The id of the batch that it belongs to. */
  batch?: string | undefined;
  /** Of the runs that share it so many at a time are at work, and no more than the service allows. */
  turns?: Slots | undefined;
  /** Runs that tell the same here may follow each other in one thread, and find there what their modules keep. */
  together?: string | undefined;
  /** Calls this tool of the agent alone, with the task as its parameters. */
  tool?: string | undefined;
  /** The step of a pipeline that it is. */
  step?: string | undefined;
  /** What the agent can read besides its task, by key. */
  shared?: Record<string, unknown> | undefined;
  /** Tools that are called in place of others, by the names of those. */
  switchedTools?: Record<string, string> | undefined;
  /** A known solution to run it with. */
  fix?: ChosenFix | undefined;
}

/** What the agent host is given. */
export function runRequest(runId: string, request: StartRequest): RunRequest {
  const { root, file, name, task, args = [], retries = 0, checkpoint = null } = request;
  const { tool, together, shared, switchedTools, resumes } = request;
  return {
    ...{ runId, root, file, name, task, args, retries, checkpoint },
    ...limitsWith(request),
    ...(tool !== undefined && { tool }),
    ...(together !== undefined && { together }),
    ...(shared !== undefined && { shared }),
    ...(switchedTools !== undefined && { switchedTools }),
    ...(resumes !== undefined && { resumes }),
  };
}

type Recorded = Omit<Queued, "type" | "runId" | "time">;

/** What its record says that was asked for. */
export function askedFor(
  request: RunRequest,
  { resumes, batch, step }: StartRequest,
  owner: string,
): Recorded {
  const { root, file, name, task, args, retries, checkpoint, tool, switchedTools } = request;
  const agent = { file_path: folderPath(root, file), name };
  return {
    ...{ agent, task, ...(args.length > 0 && { args }), retries, ...limitsWith(request), owner },
    ...(resumes !== undefined && { resumes }),
    ...(batch !== undefined && { batch }),
    ...(step !== undefined && { step }),
    ...(checkpoint !== null && { checkpoint }),
    ...(tool !== undefined && { tool }),
    ...(switchedTools !== undefined && { switchedTools }),
  };
}
