import { inputKey } from "../../model/pipeline.ts";
import { UserError } from "../../model/userError.ts";
import { firstEvent } from "../history/firstEvent.ts";
import { earlierSteps, outputOf } from "./earlierSteps.ts";

/**
 * What a step of a pipeline could read as its shared context, by key: what the pipeline was given, and the results of the steps
 * that had ended when it began. Told by their records, so without secrets.
 */
export async function sharedContext(root: string, runId: string): Promise<Record<string, unknown>> {
  const step = await firstEvent(root, runId);
  const pipeline = step?.batch === undefined ? null : await firstEvent(root, step.batch);
  if (step?.step === undefined || pipeline === null)
    throw new UserError(
      "The record of the pipeline is no longer there, which tells what this step was given.",
    );
  const before = [...(await earlierSteps(root, pipeline.runId))]
    .flatMap(([id, earlier]) => {
      const output = outputOf(earlier);
      const isBefore = earlier.end !== null && earlier.end.time <= step.time;
      return output !== null && isBefore ? [[id, output] as const] : [];
    })
    .reverse();
  return { ...(pipeline.task !== null && { [inputKey]: pipeline.task }), ...Object.fromEntries(before) };
}
