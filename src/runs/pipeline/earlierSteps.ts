import type { Finished, Queued } from "../../model/runRecord.ts";
import { firstEvents } from "../history/firstEvent.ts";
import { runIds } from "../history/listRuns.ts";
import { withResumed } from "../history/withResumed.ts";
import { readRun } from "../readRun.ts";

/** What became of a step in a run of its pipeline that is resumed. */
export interface EarlierStep {
  asked: Queued;
  /** Null where that is not known. */
  end: Finished | null;
}

/** The last run of each step, in a run of a pipeline and in those that it resumed. */
export async function earlierSteps(root: string, pipelineRun: string): Promise<Map<string, EarlierStep>> {
  const pipelines: string[] = [];
  for await (const id of withResumed(root, pipelineRun)) pipelines.push(id);
  // Ids begin with the time: no step is older than its pipeline.
  const later = (await runIds(root)).filter((id) => pipelines.some((pipeline) => id > pipeline));
  const newest = new Map<string, Queued>();
  for await (const queued of firstEvents(root, later)) {
    const { step, batch = "" } = queued;
    if (step !== undefined && pipelines.includes(batch) && !newest.has(step)) newest.set(step, queued);
  }
  const steps = [...newest].map(
    async ([step, asked]) => [step, { asked, end: await endOf(root, asked.runId) }] as const,
  );
  return new Map(await Promise.all(steps));
}

/** Null where it did not succeed. */
export const outputOf = ({ end }: EarlierStep): Record<string, unknown> | null =>
  end?.status === "success" ? (end.output ?? {}) : null;

const endOf = async (root: string, runId: string): Promise<Finished | null> =>
  (await readRun(root, runId)).find((event) => event.type === "finished") ?? null;
