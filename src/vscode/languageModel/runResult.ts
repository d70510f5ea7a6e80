import type { Finished } from "../../model/runRecord.ts";
import { redact } from "../../runtime/index.ts";
import { sentenceOf } from "../run/runReport.ts";

const MOST_CHARACTERS = 50_000;

/** What a language model is told of a run that ended; secrets are not for it. */
export function runResult(name: string, unredacted: Finished): string {
  const finished = redact(unredacted).value as Finished;
  const { warnings, output, error, runId } = finished;
  const cause =
    error !== undefined && finished.status !== "success" && error.name !== "UserError" ? [error.name] : [];
  const text = [
    sentenceOf(name, finished),
    ...cause.map((kind) => `The error is named ${kind}.`),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(output === undefined ? [] : [JSON.stringify(output, null, 2)]),
  ].join("\n");
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}\nThis is cut; .proj-intel/runs/${runId}.jsonl has all of it.`;
}
