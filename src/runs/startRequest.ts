import type { ChosenFix } from "../model/fix.ts";
import { folderPath } from "../model/folderPath.ts";
import type { RunRequest } from "../model/hostProtocol.ts";
import { limitsWith } from "../model/runLimits.ts";
import type { Queued } from "../model/runRecord.ts";
import { DelayMs, delayRule, Priority, priorityRule, usualPriority } from "../model/turn.ts";
import { UserError } from "../model/userError.ts";
import { Slots } from "./slots.ts";

export { Slots };

export interface StartRequest {
  /** Default: a new one. */
  id?: string | undefined;
  /** Absolute path of the workspace folder. */
  root: string;
  /** Absolute path of the module. */
  file: string;
  /** The class name; "default" for an anonymous default export. */
  name: string;
  task: unknown;
  /** Constructor arguments. */
  args?: unknown[] | undefined;
  /** Of the runs that wait, those with the greater one begin first: a whole number from -1000 to 1000; default 0. */
  priority?: number | undefined;
  /** It does not begin before so many milliseconds have passed: a whole number; default 0. */
  delayMs?: number | undefined;
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
  /** The queue has it already, under the id of this run: it is followed. */
  queuedAs?: string | undefined;
  /** A known solution to run it with. */
  fix?: ChosenFix | undefined;
}

/** Throws a UserError where a number is none that a run may have. */
export function refuseWrongTurn({ priority, delayMs }: StartRequest): void {
  if (priority !== undefined && !Priority.safeParse(priority).success)
    throw new UserError(`The priority ${priority} of a run ${priorityRule}.`);
  if (delayMs !== undefined && !DelayMs.safeParse(delayMs).success)
    throw new UserError(`The delay ${delayMs} of a run ${delayRule}.`);
}

/** What the agent host is given. */
export function runRequest(runId: string, request: StartRequest): RunRequest {
  const { root, file, name, task, args = [], retries = 0, checkpoint = null } = request;
  const { tool, together, shared, switchedTools, resumes, priority, queuedAs } = request;
  return {
    ...{ runId, root, file, name, task, args, retries, checkpoint },
    ...limitsWith(request),
    ...(tool !== undefined && { tool }),
    ...(together !== undefined && { together }),
    ...(shared !== undefined && { shared }),
    ...(switchedTools !== undefined && { switchedTools }),
    ...(resumes !== undefined && { resumes }),
    ...(priority !== undefined && { priority }),
    ...(queuedAs !== undefined && { queuedAs }),
  };
}

type Recorded = Omit<Queued, "type" | "runId" | "time">;

/** What its record says that was asked for. */
export function askedFor(
  request: RunRequest,
  { priority = usualPriority, delayMs = 0, resumes, batch, step }: StartRequest,
  owner: string,
): Recorded {
  const { root, file, name, task, args, retries, checkpoint, tool, switchedTools } = request;
  const agent = { file_path: folderPath(root, file), name };
  return {
    ...{ agent, task, ...(args.length > 0 && { args }), retries, ...limitsWith(request), owner },
    ...(priority !== usualPriority && { priority }),
    ...(delayMs !== 0 && { delayMs }),
    ...(resumes !== undefined && { resumes }),
    ...(batch !== undefined && { batch }),
    ...(step !== undefined && { step }),
    ...(checkpoint !== null && { checkpoint }),
    ...(tool !== undefined && { tool }),
    ...(switchedTools !== undefined && { switchedTools }),
  };
}
