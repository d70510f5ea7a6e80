import { text } from "node:stream/consumers";
import { isPipelineFile } from "../model/pipeline.ts";
import type { Given } from "../model/runControl.ts";
import type { Question } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { answerRun } from "../runs/control/otherProcess.ts";
import { askedNothing, openQuestion } from "../runs/control/openQuestion.ts";
import { findRun } from "../runs/history/findRun.ts";
import { listRuns } from "../runs/history/listRuns.ts";
import { waitingSteps } from "../runs/pipeline/asking.ts";
import { readRun } from "../runs/readRun.ts";
import { parseAnswer } from "./answerText.ts";
import type { Output } from "./output.ts";
import { askPerson, openTerminal } from "./terminal.ts";
import { workspaceFolder } from "./workspace.ts";

export interface AnswerOptions {
  workspace?: string;
}

/** Answers the question of a run, whatever process it belongs to. */
export async function answerCommand(
  ref: string,
  value: string | undefined,
  { workspace }: AnswerOptions,
  output: Output,
): Promise<number> {
  const root = workspaceFolder(workspace);
  const runId = await askerOf(root, await findRun(root, ref));
  const events = await readRun(root, runId);
  if (events.some(({ type }) => type === "finished")) throw new UserError(`Run ${runId} has ended already.`);
  const open = openQuestion(events);
  if (open === null) throw askedNothing(runId);
  const answer = await answerTo(open.question, value);
  if (answer === null) throw new UserError("No answer was given, so the run still waits.");
  await answerRun(root, runId, answer, open.askedAt);
  output.note(`answered  ${open.question.message}`);
  return 0;
}

/** Of a pipeline the step that waits. */
async function askerOf(root: string, runId: string): Promise<string> {
  const [queued] = await readRun(root, runId);
  if (queued?.type !== "queued" || !isPipelineFile(queued.agent.file_path)) return runId;
  const [waiting] = waitingSteps(runId, await listRuns(root));
  return waiting?.runId ?? runId;
}

/** The value, else what the person types, else standard input. */
async function answerTo(question: Question, value: string | undefined): Promise<Given | null> {
  if (value !== undefined) {
    if (question.kind === "text" && question.secret === true) {
      throw new UserError(
        "The run asks for a secret, and other programs can read what is written on a command line: leave VALUE out, and type it or give it to standard input.",
      );
    }
    return parseAnswer(question, value);
  }
  const terminal = openTerminal();
  if (terminal !== null) return askPerson(question, terminal, new AbortController().signal);
  return parseAnswer(question, (await text(process.stdin)).replace(/\r?\n$/, ""));
}
