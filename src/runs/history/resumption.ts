import { resolve } from "node:path";
import type { RunEvent } from "../../model/runRecord.ts";
import { UserError } from "../../model/userError.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import { RunRequest } from "../../model/hostProtocol.ts";
import { limitsWith } from "../../model/runLimits.ts";
import { Priority } from "../../model/turn.ts";
import { isInside } from "../../runtime/files/isInside.ts";
import { inForce, withFixes } from "../fixes/recordedFixes.ts";
import type { StartRequest } from "../run.ts";

const Figures = RunRequest.pick({
  retries: true,
  timeoutMs: true,
  memoryMb: true,
  logMb: true,
  resultMb: true,
}).extend({ priority: Priority.optional() });

/** How a run goes on. */
export interface Resumption {
  /** The run once more, from the beginning. */
  request: StartRequest;
  /** The checkpoints it can go on from, the best first; they may have been removed since. */
  checkpoints: string[];
}

/**
 * How a run that failed, was cancelled or interrupted is resumed. Throws a UserError for one that cannot be.
 * @param alive whether the process that records it is
 * @param by a step of a pipeline is resumed by the pipeline alone, which knows what it shares
 */
export function resumption(
  root: string,
  runId: string,
  events: readonly RunEvent[],
  alive: boolean,
  by: "user" | "pipeline" = "user",
): Resumption {
  const [queued] = events;
  if (queued?.type !== "queued")
    throw new UserError(
      `The record of run ${runId} does not tell what was asked for, so it cannot be resumed.`,
    );
  if (queued.tool !== undefined)
    throw new UserError(`Run ${runId} called a tool alone, which has no checkpoint: run the tool again.`);
  refuse(runId, events, alive);
  if (queued.step !== undefined && by === "user") {
    throw new UserError(
      `Run ${runId} is the step "${queued.step}" of a pipeline, which goes on as a whole: resume run ${queued.batch ?? ""}.`,
    );
  }
  const { agent, args, retries, priority, memoryMb, logMb, resultMb, batch } = queued;
  const { task, timeoutMs, checkpoint, switchedTools } = withFixes(queued, events);
  for (const [what, value] of Object.entries({ task, "constructor's arguments": args })) {
    if (holdsRedacted(value)) {
      throw new UserError(
        `Run ${runId} cannot be resumed, because a secret in its ${what} was not recorded: run the agent again with the secret.`,
      );
    }
  }
  const file = resolve(root, agent.file_path);
  if (!isInside(root, file)) {
    throw new UserError(
      `Run ${runId} cannot be resumed, because its agent's file ${agent.file_path} is not in ${root}: run the agent again.`,
    );
  }
  const wrong = Figures.safeParse({
    ...{ retries, priority },
    ...limitsWith({ ...queued, timeoutMs }),
  }).error?.issues[0]?.path.join(".");
  if (wrong !== undefined)
    throw new UserError(
      `Run ${runId} cannot be resumed, because its record has a wrong number as "${wrong}".`,
    );
  return {
    request: {
      ...{ root, file, name: agent.name, task, args, retries },
      ...{ timeoutMs: timeoutMs ?? undefined, memoryMb, logMb, resultMb, resumes: runId, batch },
      ...(priority !== undefined && { priority }),
      ...(switchedTools !== undefined && { switchedTools }),
    },
    checkpoints: [...savedOnTheWay(events), ...(checkpoint === null ? [] : [checkpoint])],
  };
}

function refuse(runId: string, events: readonly RunEvent[], alive: boolean): void {
  const successor = events.find((event) => event.type === "resumed");
  if (successor !== undefined)
    throw new UserError(`Run ${runId} was resumed already, as run ${successor.by}.`);
  const end = events.find((event) => event.type === "finished");
  if (end === undefined && alive)
    throw new UserError(`Run ${runId} has not ended: cancel it before it is resumed.`);
  if (end?.status === "success")
    throw new UserError(`Run ${runId} succeeded, so there is nothing to resume: run the agent again.`);
}

/** The newest first. A rollback holds what the run began with, and would undo its way. */
function savedOnTheWay(events: readonly RunEvent[]): string[] {
  return inForce(events)
    .flatMap((event) => (event.type === "checkpoint" && event.label !== "rollback" ? [event.id] : []))
    .reverse();
}
