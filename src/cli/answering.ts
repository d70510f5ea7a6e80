import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import type { Run } from "../runs/runService.ts";
import { answerCommandFor } from "./answerText.ts";
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
      output.note(`The run waits: answer with ${answerCommandFor(event.runId, event.question)}`);
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
