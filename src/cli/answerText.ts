import type { Given } from "../model/runControl.ts";
import type { Question } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { givenOption } from "../runs/control/openQuestion.ts";
import { REDACTED } from "../runtime/core/redacted.ts";
import { redact } from "../runtime/index.ts";

const YES = new Set(["yes", "y", "true"]);
const NO = new Set(["no", "n", "false"]);

/** What a person types as an answer: yes or no, an option or its number, a text. Throws a UserError that says what is expected. */
export function parseAnswer(question: Question, text: string): Given {
  switch (question.kind) {
    case "approve": {
      const word = text.trim().toLowerCase();
      if (YES.has(word) || NO.has(word)) return YES.has(word);
      throw new UserError(`The answer to ${JSON.stringify(question.message)} is yes or no.`);
    }
    case "choose": {
      const { options } = question;
      // What is left of several secrets looks the same: these are told apart by their numbers only.
      const named = [text, text.trim()].find((name) => options.includes(name) && !name.includes(REDACTED));
      const chosen = named ?? (/^\s*\d+\s*$/.test(text) ? givenOption(options, Number(text) - 1) : undefined);
      if (chosen !== undefined) return chosen;
      const list = options.map((option) => JSON.stringify(option)).join(", ");
      throw new UserError(
        `The answer to ${JSON.stringify(question.message)} is one of ${list}, or its number from 1 to ${options.length}.`,
      );
    }
    case "text":
      return text === "" ? (question.default ?? "") : text;
  }
}

/** What can be typed, for a person who is about to. */
export function choicesOf(question: Question): string {
  switch (question.kind) {
    case "approve":
      return "yes or no";
    case "choose":
      return question.options.map((option, index) => `${index + 1} ${option}`).join(", ");
    case "text":
      if (question.secret === true) return "not shown";
      return question.default === undefined ? "a text" : `a text; nothing means ${question.default}`;
  }
}

/**
 * "opsvi-agents runs answer 0199… VALUE (yes or no)", without secrets: where nobody is at the terminal, it is in somebody's log.
 * @param workspace where it is not the one of the person who reads this
 */
export function answerCommandFor(runId: string, question: Question, workspace?: string): string {
  const shown = redact(question).value as Question;
  const secret = question.kind === "text" && question.secret === true;
  const how = secret ? "and give the secret to its standard input" : `VALUE (${choicesOf(shown)})`;
  const where = workspace === undefined ? "" : ` --workspace ${JSON.stringify(workspace)}`;
  return `opsvi-agents runs answer${where} ${runId} ${how}`;
}
