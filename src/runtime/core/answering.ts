import { AgentUsageError } from "./errors.ts";
import type { Answer, Question } from "./question.ts";

/** A copy of a question that holds nothing else; throws an {@link AgentUsageError} that says what is wrong with it. */
export function checkedQuestion(question: unknown): Question {
  const wrong = (what: string) => new AgentUsageError(`A question ${what}.`);
  if (typeof question !== "object" || question === null)
    throw wrong("is an object with a kind and a message");
  const { kind, message, ...more } = question as Record<string, unknown>;
  if (typeof message !== "string" || message.trim() === "") throw wrong("needs a message that is not empty");
  switch (kind) {
    case "approve":
      return Object.freeze({ kind, message });
    case "choose": {
      const options: unknown[] = Array.isArray(more.options) ? [...(more.options as unknown[])] : [];
      if (options.length === 0 || !options.every((option) => typeof option === "string"))
        throw wrong('of kind "choose" needs options: a list of texts');
      if (new Set(options).size < options.length) throw wrong("needs options that differ from each other");
      return Object.freeze({ kind, message, options: Object.freeze(options) });
    }
    case "text": {
      const { default: preset, secret } = more;
      if (preset !== undefined && typeof preset !== "string") throw wrong("has a default that is a text");
      return Object.freeze({
        kind,
        message,
        ...(preset === undefined ? {} : { default: preset }),
        ...(secret === true ? { secret } : {}),
      });
    }
    default:
      throw wrong('is of kind "approve", "choose" or "text"');
  }
}

/** Whether an answer fits a question. */
export function fits(question: Question, answer: unknown): answer is Answer {
  switch (question.kind) {
    case "approve":
      return typeof answer === "boolean";
    case "choose":
      return typeof answer === "string" && question.options.includes(answer);
    case "text":
      return typeof answer === "string";
  }
}

/** What an answerer gave as an answer; throws an {@link AgentUsageError} that says what was expected. */
export function checkedAnswer(question: Question, given: unknown): Answer {
  const answer = given === undefined && question.kind === "text" ? question.default : given;
  if (fits(question, answer)) return answer;
  // What was given may be a secret.
  throw new AgentUsageError(
    `The answer to ${JSON.stringify(question.message)} is ${expected(question)}; the answerer gave ${kindOf(answer)}.`,
  );
}

/** Ends a sentence: "The answer is …" */
export function expected(question: Question): string {
  switch (question.kind) {
    case "approve":
      return "true or false";
    case "choose":
      return `one of ${question.options.map((option) => JSON.stringify(option)).join(", ")}`;
    case "text":
      return "a text";
  }
}

/** Whether two questions are the same, in whatever order their fields are. */
export function sameQuestion(a: Question, b: Question): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf(question: Question): string {
  const { kind, message, options, default: preset, secret } = question as unknown as Record<string, unknown>;
  return JSON.stringify([kind, message, options ?? null, preset ?? null, secret === true]);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "string" ? "another text" : `a value of type ${typeof value}`;
}
