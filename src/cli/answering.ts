import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import type { Run } from "../runs/runService.ts";
import { choicesOf } from "./answerText.ts";
import type { Output } from "./output.ts";
import { askPerson, type Terminal } from "./terminal.ts";

/** Has a run's questions answered at the terminal, or says how else they can be. */
export function answerQuestions(run: Run, terminal: Terminal | null, output: Output): void {
  let asking: AbortController | null = null;
  run.onEvent((event) => {
    if (event.type === "log" || event.type === "progress") return;
    asking?.abort();
    asking = null;
    if (event.type !== "question") return;
    if (terminal === null) {
      output.note(howToAnswer(event));
      return;
    }
    asking = new AbortController();
    void ask(run, event, terminal, asking.signal, output);
  });
}

async function ask(
  run: Run,
  { question, time }: RunEvent & { type: "question" },
  terminal: Terminal,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const answer = await askPerson(question, terminal, signal);
  if (answer === null) return;
  try {
    await run.answer(answer, time);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    output.note(error.message);
  }
}

/** @param workspace where it is not the one of the person who reads this */
export function howToAnswer(
  { runId, question }: RunEvent & { type: "question" },
  workspace?: string,
): string {
  const secret = question.kind === "text" && question.secret === true;
  const how = secret ? "and give the secret to its standard input" : `VALUE (${choicesOf(question)})`;
  const where = workspace === undefined ? "" : ` --workspace ${JSON.stringify(workspace)}`;
  return `The run waits: answer with opsvi-agents runs answer${where} ${runId} ${how}`;
}
