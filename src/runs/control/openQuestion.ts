import type { Given } from "../../model/runControl.ts";
import type { Answer, Question, RunEvent } from "../../model/runRecord.ts";
import type { OpenQuestion } from "../../model/runSummary.ts";
import { UserError } from "../../model/userError.ts";
import { expected, fits } from "../../runtime/core/answering.ts";
import { REDACTED } from "../../runtime/core/redacted.ts";

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
    // Another worker has taken the run over, and its agent asks again.
    case "started":
    case "retry":
    case "fix":
    case "finished":
      return null;
    default:
      return open;
  }
}

/** Throws a UserError that says what is expected; what was given may be a secret. */
export function refuseUnfit(question: Question, answer: Answer): void {
  if (!fits(question, answer)) throw unfit(question);
}

const unfit = (question: Question): UserError =>
  new UserError(`The answer to ${JSON.stringify(question.message)} is ${expected(question)}.`);

/** How the option at a place is given; undefined where there is none. */
export function givenOption(options: readonly string[], option: number): Given | undefined {
  const text = options[option];
  return text?.includes(REDACTED) ? { option } : text;
}

/** What is meant by what was given. Throws a UserError where there is no such option. */
export function answerOf(question: Question, given: Given): Answer {
  if (typeof given !== "object") return given;
  const answer = question.kind === "choose" ? question.options[given.option] : undefined;
  if (answer === undefined) throw unfit(question);
  return answer;
}

export const askedNothing = (runId: string): UserError =>
  new UserError(`Run ${runId} asks nothing at the moment.`);
