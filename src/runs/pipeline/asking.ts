import type { RunSummary } from "../../model/runSummary.ts";

/** The steps of a pipeline that wait for an answer, the one that began first before the others. */
export const waitingSteps = (pipeline: string, runs: readonly RunSummary[]): RunSummary[] =>
  runs
    .filter(({ state, step, batch }) => state === "waiting" && step !== null && batch === pipeline)
    .sort(inOrder);

/**
 * In the order in which they were asked for. Ids tell that, but for steps: the id of one in a queue is as old as its pipeline, and one
 * that is followed again has another.
 */
export function inOrder(a: RunSummary, b: RunSummary): number {
  const byTime = a.step !== null && a.queuedAt !== b.queuedAt;
  return (byTime ? a.queuedAt < b.queuedAt : a.runId < b.runId) ? -1 : 1;
}

/** A pipeline waits while one of its steps does: it asks what that step asks. */
export function asking(run: RunSummary, others: readonly RunSummary[]): RunSummary {
  const [waiting] = run.state === "running" ? waitingSteps(run.runId, others) : [];
  return waiting === undefined ? run : { ...run, state: "waiting", question: waiting.question };
}

/** Each pipeline before its steps, in the order in which they began; all others as they stand. */
export function withStepsBelow(runs: readonly RunSummary[]): { run: RunSummary; below: boolean }[] {
  const known = new Set(runs.map(({ runId }) => runId));
  const steps = new Map<string, RunSummary[]>();
  const top: RunSummary[] = [];
  for (const run of runs) {
    const pipeline = run.step === null ? null : run.batch;
    if (pipeline === null || !known.has(pipeline)) top.push(run);
    else steps.set(pipeline, [...(steps.get(pipeline) ?? []), run]);
  }
  return top.flatMap((run) => [
    { run, below: false },
    ...(steps.get(run.runId) ?? []).toSorted(inOrder).map((step) => ({ run: step, below: true })),
  ]);
}
