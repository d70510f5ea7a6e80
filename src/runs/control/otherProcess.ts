import type { ControlRequest, Given } from "../../model/runControl.ts";
import { UserError } from "../../model/userError.ts";
import { isRecorderAlive, ownerOf } from "../history/runOwner.ts";
import { recordsFolder } from "../recordPlace.ts";
import { readRun } from "../readRun.ts";
import { answerOf, askedNothing, openQuestion, refuseUnfit } from "./openQuestion.ts";
import { requestControl } from "./controlSocket.ts";

const ANSWER_MS = 5_000;
/** Longer than stopping takes where the process has to be ended. */
const CANCEL_MS = 15_000;

/**
 * Answers the question of a run that any process of this machine records; it is on its way to the agent then. Rejects
 * with a UserError where the run asks nothing, or the answer does not fit.
 * @param askedAt of the question that is meant; default: the one that is open now
 */
export async function answerRun(root: string, runId: string, answer: Given, askedAt?: string): Promise<void> {
  const { events, owner } = await livingRun(root, runId);
  const open = openQuestion(events);
  if (open === null) throw askedNothing(runId);
  refuseUnfit(open.question, answerOf(open.question, answer));
  await send(owner, { type: "answer", runId, answer, askedAt: askedAt ?? open.askedAt }, ANSWER_MS);
}

/** Cancels a run that any process of this machine records; resolves once it has ended. Rejects with a UserError where it goes on no more. */
export async function cancelRun(root: string, runId: string): Promise<void> {
  const { owner } = await livingRun(root, runId);
  await send(owner, { type: "cancel", runId }, CANCEL_MS);
}

async function livingRun(root: string, runId: string) {
  const events = await readRun(root, runId);
  const ended = events.some(({ type }) => type === "finished");
  const owner = ownerOf(events);
  if (owner === undefined || ended) throw new UserError(`Run ${runId} has ended already.`);
  if (!(await isRecorderAlive(recordsFolder(root), events))) {
    throw new UserError(`Run ${runId} was interrupted, and nothing of it goes on: resume it or discard it.`);
  }
  return { events, owner };
}

async function send(owner: string, request: ControlRequest, waitMs: number): Promise<void> {
  try {
    await requestControl(owner, request, waitMs);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `Run ${request.runId} cannot be reached from here: ${request.type} it where it was started.`,
    );
  }
}
