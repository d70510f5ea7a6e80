import type { BatchRow } from "../../model/batch.ts";
import type { RunEvent } from "../../model/runRecord.ts";
import type { RunSummary } from "../../model/runSummary.ts";
import { UserError } from "../../model/userError.ts";
import { figuresOf, rowAfter } from "../../runs/batch/row.ts";
import { countingRuns, unfinishedRuns, type RecordedBatch } from "../../runs/history/recordedBatch.ts";
import { resumeEach } from "../../runs/history/resumeEach.ts";
import { resumeRun } from "../../runs/history/resumeRun.ts";
import type { Run, RunService } from "../../runs/runService.ts";
import { Slots } from "../../runs/slots.ts";
import { BatchTable } from "../batchTable.ts";
import { batchToItsEnd } from "../batchToItsEnd.ts";
import { onInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { atATime } from "../queue/options.ts";

interface Options {
  queue?: string;
  concurrency?: number;
  json?: true;
}

/** Goes on, within their batch, with the runs that were cancelled or interrupted; tells them as `batch` does. */
export async function resumeBatch(
  root: string,
  batch: RecordedBatch,
  open: () => Promise<RunService>,
  options: Options,
  output: Output,
): Promise<number> {
  const unfinished = unfinishedRuns(batch.runs);
  if (unfinished.length === 0)
    throw new UserError(
      `No run of batch ${batch.id} was cancelled or interrupted, so there is nothing to resume.`,
    );
  const { json, queue } = options;
  const concurrency = atATime(options, unfinished.length);
  const service = await open();
  const turns = new Slots(concurrency);
  const startedAt = performance.now();
  const places = countingRuns(batch.runs).map(({ runId }) => runId);
  const rows = unfinished.map(rowOf);
  const labels = unfinished.map(({ runId }) => `run ${places.indexOf(runId) + 1}`);
  const table = new BatchTable(batch.id, rows, labels, output);
  const runs: Run[] = [];
  const stop = () => runs.forEach((run) => void run.cancel());
  let areResumed = false;
  const leave = () => void (areResumed && service.dispose());
  const interrupt = onInterrupt(stop, "Stopping all runs.", output, queue === undefined ? undefined : leave);
  if (!json) table.begin(concurrency);
  const follow = async () => {
    const isStopped = () => interrupt.code !== null || interrupt.isLeft;
    const refusals = await resumeEach(unfinished, isStopped, async ({ runId }, index) => {
      const hear = (event: RunEvent) => {
        const row = rowAfter(rows[index] as BatchRow, event);
        rows[index] = row;
        if (json) output.json(event);
        else table.hear(event, row);
      };
      runs.push(await resumeRun(root, runId, (request) => service.start({ ...request, turns }), hear));
      // It may have come while the run was being recorded.
      if (interrupt.code !== null) stop();
    });
    areResumed = true;
    if (interrupt.isLeft) void service.dispose();
    for (const { message } of refusals) output.note(message);
    // Those that were not resumed are as they were.
    for (const [index, { runId, state }] of unfinished.entries())
      if (rows[index]?.runId === runId) rows[index] = { ...rows[index], state };
    await Promise.all(runs.map((run) => run.finished));
    const durationMs = Math.round(performance.now() - startedAt);
    return { batch: batch.id, ...figuresOf(rows), durationMs };
  };
  return await batchToItsEnd({ service, interrupt, table, json: json === true }, follow, output);
}

const rowOf = ({ agent, runId }: RunSummary, index: number): BatchRow => ({
  ...{ index, agent, runId, state: "queued", attempts: 0, durationMs: null },
  ...{ progress: null, error: null, usage: null },
});
