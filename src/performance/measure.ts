import * as z from "zod";
import { formatAgentRef } from "../model/agentRef.ts";
import { isPipelineFile } from "../model/pipeline.ts";
import type { RunMeasure } from "../model/performance.ts";
import { Finished, Queued, RunError, Started } from "../model/runRecord.ts";

/** The lines of a record that figures are made of. */
const Line = z.discriminatedUnion("type", [
  Queued.pick({
    ...{ type: true, time: true, agent: true, owner: true, batch: true, tool: true, step: true },
    ...{ timeoutMs: true, memoryMb: true, delayMs: true },
  }),
  Started.pick({ type: true, time: true }),
  Finished.pick({
    type: true,
    time: true,
    status: true,
    attempts: true,
    durationMs: true,
    tools: true,
    use: true,
  }).extend({
    error: RunError.pick({ name: true }).optional(),
  }),
]);
export type MeasuredLine = z.infer<typeof Line>;

/** Null for other lines, and such as are torn. */
export function measuredLine(text: string): MeasuredLine | null {
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Null where a record does not tell what it is of, or is of a pipeline: the runs of its steps count. */
export function measureOf(
  runId: string,
  lines: readonly MeasuredLine[],
  isAlive: boolean,
): RunMeasure | null {
  const [queued] = lines;
  if (queued?.type !== "queued" || isPipelineFile(queued.agent.file_path)) return null;
  const started = lines.find((line) => line.type === "started");
  const finished = lines.find((line) => line.type === "finished");
  const recordedAt = Date.parse(queued.time);
  if (Number.isNaN(recordedAt)) return null;
  const next = timeOf((started ?? finished)?.time ?? "", recordedAt, Infinity);
  const queuedAt = Math.min(recordedAt + positive(queued.delayMs ?? 0), next);
  const { file_path: file, name } = queued.agent;
  return {
    ...{ runId, agent: formatAgentRef({ file, name }), queuedAt },
    startedAt: started === undefined ? null : timeOf(started.time, queuedAt),
    endedAt: finished === undefined ? null : timeOf(finished.time, queuedAt),
    state: finished?.status ?? (isAlive ? "atWork" : "interrupted"),
    durationMs: finished === undefined || finished.attempts === 0 ? null : positive(finished.durationMs),
    attempts: finished?.attempts ?? (started === undefined ? 0 : 1),
    error: finished?.error?.name ?? null,
    timeoutMs: queued.timeoutMs,
    memoryLimitMb: queued.memoryMb ?? null,
    memoryBytes: finished?.use?.memoryBytes ?? null,
    busy: finished?.use?.busy ?? null,
    // What the steps of a pipeline name as their batch is its run.
    batch: queued.step === undefined ? (queued.batch ?? null) : null,
    alone: queued.tool !== undefined,
    tools: finished?.tools ?? [],
  };
}

/** A clock that was set back meanwhile makes no time negative. */
function timeOf(iso: string, earliest: number, unknown = earliest): number {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? unknown : Math.max(time, earliest);
}

const positive = (ms: number): number => (Number.isFinite(ms) ? Math.max(ms, 0) : 0);
