import type { Answer, Question, RunEvent } from "../../model/runRecord.ts";
import type { OpenQuestion } from "../../model/runSummary.ts";
import { UserError } from "../../model/userError.ts";
import { expected, fits } from "../../runtime/core/answering.ts";

/** The question that the events of a run leave open. */
export function openQuestion(events: readonly RunEvent[]): OpenQuestion | null {
  return events.reduce<OpenQuestion | null>(openAfter, null);
}

/** The question that is open after one event more. */
export function openAfter(open: OpenQuestion | null, event: RunEvent): OpenQuestion | null {
  switch (event.type) {
    case "question":
      return { question: event.question, askedAt: event.time };
    case "answer":
    case "retry":
    case "finished":
      return null;
    default:
      return open;
  }
}

/** Throws a UserError that says what is expected; what was given may be a secret. */
export function refuseUnfit(question: Question, answer: Answer): void {
  if (fits(question, answer)) return;
  throw new UserError(`The answer to ${JSON.stringify(question.message)} is ${expected(question)}.`);
}

export const askedNothing = (runId: string): UserError =>
  new UserError(`Run ${runId} asks nothing at the moment.`);
