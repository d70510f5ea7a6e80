import * as z from "zod";
import { RunLimits } from "./runLimits.ts";
import { Answer, RunEvent } from "./runRecord.ts";
import type { HostEvent, Outcome } from "./hostProtocol.ts";
import { UserError } from "./userError.ts";

/** Of a task and all that is given with it, as JSON; what is larger belongs into a file that the agent reads. */
const mostTaskBytes = 4 * 2 ** 20;

/** Throws a UserError. */
export function refuseLargeTask(given: unknown): void {
  const size = Buffer.byteLength(JSON.stringify(given));
  if (size <= mostTaskBytes) return;
  throw new UserError(
    `The task is larger than what a queue takes (${size.toLocaleString("en")} of ${mostTaskBytes.toLocaleString("en")} bytes): let the agent read it from a file that its workers have.`,
  );
}

/** A run as it waits in a queue: what a worker on another machine needs to know of it. Paths are of no machine, secrets of none. */
export const RemoteRun = z.object({
  format: z.literal(1),
  runId: z.string(),
  /** Relative to the workspace folder, forward slashes. The worker looks it up among the agents that it has indexed. */
  agent: z.object({ file_path: z.string(), name: z.string() }),
  task: z.unknown(),
  args: z.array(z.unknown()),
  retries: z.number().int().min(0),
  ...RunLimits.shape,
  /** It goes on from there; the payload is among the shared checkpoints. */
  checkpoint: z.string().nullable(),
  tool: z.string().optional(),
  shared: z.record(z.string(), z.unknown()).optional(),
  switchedTools: z.record(z.string(), z.string()).optional(),
  /** Runs that tell the same here may follow each other in one thread of a worker. */
  together: z.string().optional(),
  /** The version of the agent's code where the run was started, see `codeVersion`. */
  code: z.string().optional(),
  /** The step that it is, and the job of its pipeline, which goes on when it has ended. */
  step: z.object({ pipeline: z.string(), id: z.string() }).optional(),
});
export type RemoteRun = z.infer<typeof RemoteRun>;

/** Of the agent host's events those that a worker passes on, as it stamped them. */
const Told = z.object({ event: z.looseObject({ type: z.string() }) });
/** How it ended: the last line. */
const End = z.object({
  end: z.looseObject({ status: z.string() }),
  /** What the worker had of memory then, see `MemoryExchange`. */
  memory: z.string().optional(),
});

/** One line of the log that a worker writes of a run. */
export type RemoteLine = { event: HostEvent } | { end: Outcome; memory?: string };

/** What an agent host tells. All else of a record is written by whoever records it. */
const TOLD = new Set<RunEvent["type"]>([
  ...(["started", "checkpoint", "progress", "log", "retry"] as const),
  ...(["tool", "usage", "question", "answer"] as const),
]);

const stamp = { runId: "", time: "" };

/** Null for a line that is none, maybe of a newer version. */
export function remoteLine(text: string): RemoteLine | null {
  const line = parsed(text);
  const told = Told.safeParse(line);
  if (told.success) {
    const event = RunEvent.safeParse({ ...stamp, ...told.data.event });
    return event.success && TOLD.has(event.data.type) ? { event: withoutStamp(event.data) } : null;
  }
  const end = End.safeParse(line);
  const finished = end.success ? RunEvent.safeParse({ ...stamp, ...end.data.end, type: "finished" }) : null;
  if (finished?.success !== true || finished.data.type !== "finished") return null;
  const { status, output, error, checkpointId, attempts, durationMs } = finished.data;
  const { warnings, stopped, usage, tools, use } = finished.data;
  const memory = end.data?.memory;
  return {
    end: {
      ...{ status, checkpointId, attempts, durationMs, warnings },
      ...(output !== undefined && { output }),
      ...(error !== undefined && { error }),
      ...(stopped !== undefined && { stopped }),
      ...(usage !== undefined && { usage }),
      ...(tools !== undefined && { tools }),
      ...(use !== undefined && { use }),
    },
    ...(memory !== undefined && { memory }),
  };
}

/** What the lines of a log have as their last: how the run ended. Null where it goes on, or its log is gone. */
export function endOf(lines: readonly string[]): Outcome | null {
  const line = remoteLine(lines.at(-1) ?? "");
  return line !== null && "end" in line ? line.end : null;
}

/** The recorder stamps what it records. */
function withoutStamp(event: RunEvent): HostEvent {
  const rest: Partial<RunEvent> = { ...event };
  delete rest.runId;
  delete rest.time;
  return rest as HostEvent;
}

/** What is asked of whoever runs it. */
export const RemoteControl = z.discriminatedUnion("type", [
  z.object({ type: z.literal("cancel") }),
  z.object({ type: z.literal("answer"), answer: Answer }),
  /** To be answered in the shared file `live/<asked>`. */
  z.object({ type: z.literal("liveState"), asked: z.string() }),
]);
export type RemoteControl = z.infer<typeof RemoteControl>;

export function remoteControl(text: string): RemoteControl | null {
  const control = RemoteControl.safeParse(parsed(text));
  return control.success ? control.data : null;
}

/** JSON; null for what is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
