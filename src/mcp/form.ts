import type { ElicitRequestFormParams, ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import type { Answer, Question } from "../model/runRecord.ts";

/** A form of one field. */
export function formOf(question: Question): ElicitRequestFormParams {
  const required = question.kind !== "text" || question.default === undefined;
  return {
    message: question.message,
    requestedSchema: {
      type: "object",
      properties: { answer: fieldOf(question) },
      ...(required && { required: ["answer"] }),
    },
  };
}

type Field = ElicitRequestFormParams["requestedSchema"]["properties"][string];

function fieldOf(question: Question): Field {
  switch (question.kind) {
    case "approve":
      return { type: "boolean", title: "Yes" };
    case "choose":
      return { type: "string", title: "Choice", enum: [...question.options] };
    case "text":
      return {
        type: "string",
        title: "Answer",
        ...(question.default !== undefined && { default: question.default }),
      };
  }
}

/** What a filled form says; undefined where it does not. */
export function answerIn({ content }: ElicitResult, question: Question): Answer | undefined {
  const answer = content?.["answer"] ?? (question.kind === "text" ? question.default : undefined);
  return typeof answer === "boolean" || typeof answer === "string" ? answer : undefined;
}

/** The protocol forbids asking for secrets with a form. */
export const isSecret = (question: Question): boolean => question.kind === "text" && question.secret === true;
