import * as z from "zod";
import { Change, FixAction, SolutionRef } from "./fix.ts";
import { ToolCalls } from "./toolCalls.ts";
import { Usage } from "./usage.ts";

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), runId: z.string(), /** ISO */ time: z.string(), ...shape });

export const RunError = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  /** Groups equal errors in `error_patterns.json`. */
  signature: z.string().optional(),
});
export type RunError = z.infer<typeof RunError>;

export const RunStatus = z.enum(["success", "failed", "cancelled", "interrupted"]);
export type RunStatus = z.infer<typeof RunStatus>;

/** What ended a run that was cancelled or took too long: the agent heeded the abort signal, or its thread or process was ended. */
export const Stopped = z.enum(["signal", "thread", "process"]);
export type Stopped = z.infer<typeof Stopped>;

/** What the thread of a run took. */
export const ThreadUse = z.object({
  /** The most that it was seen to hold, its heap and its buffers: looked at four times a second and at the end. */
  memoryBytes: z.number(),
  /** Which part of its time it was at work, 0 to 1; the rest it waited. */
  busy: z.number(),
});
export type ThreadUse = z.infer<typeof ThreadUse>;

export const Queued = event("queued", {
  /** Relative to the workspace folder, forward slashes. */
  agent: z.object({ file_path: z.string(), name: z.string() }),
  task: z.unknown(),
  args: z.array(z.unknown()).optional(),
  retries: z.number(),
  timeoutMs: z.number().nullable(),
  /** Of the runs that wait, those with the greater one begin first; 0 where it is not there. */
  priority: z.number().optional(),
  /** It does not begin before so much time has passed. */
  delayMs: z.number().optional(),
  /** The process that records the run: it is alive while it holds the lock `runs/owners/<owner>`. */
  owner: z.string().optional(),
  /** Limits, see `RunLimits`. */
  memoryMb: z.number().optional(),
  logMb: z.number().optional(),
  resultMb: z.number().optional(),
  /** The run that this one resumes. */
  resumes: z.string().optional(),
  /** The checkpoint that it goes on from; without one, it begins anew. */
  checkpoint: z.string().optional(),
  /** Of the runs that were started together; for the steps of a pipeline the id of its run. */
  batch: z.string().optional(),
  /** The tool of the agent that was called alone, with the task as its parameters. */
  tool: z.string().optional(),
  /** The step of a pipeline that it is. */
  step: z.string().optional(),
  /** Tools that are called in place of others, by the names of those. */
  switchedTools: z.record(z.string(), z.string()).optional(),
});
/** On disk before the agent's code runs. */
export const Started = event("started", {
  pid: z.number(),
  node: z.string(),
  /** The first 12 hex digits of the SHA-256 of the file with the agent's class. */
  code: z.string().optional(),
  /** Of a queue: the one that has it now. A run has several such lines where it was given to another one. */
  worker: z.string().optional(),
  /** Where an earlier worker was gone: it goes on from there. */
  checkpoint: z.string().optional(),
  /** Of the worker's folder, see `folderPlace`: told to whoever follows the run, and not recorded. */
  place: z.string().optional(),
});
export const CheckpointSaved = event("checkpoint", { id: z.string(), label: z.string().nullable() });
export const Progress = event("progress", {
  message: z.string().optional(),
  fraction: z.number().min(0).max(1).optional(),
});
export const Log = event("log", { stream: z.enum(["stdout", "stderr"]), text: z.string() });
/** An attempt failed and the next one starts after `delayMs`. */
export const Retry = event("retry", {
  attempt: z.number(),
  of: z.number(),
  delayMs: z.number(),
  error: RunError,
});
export const ToolCalled = event("tool", {
  name: z.string(),
  ok: z.boolean(),
  durationMs: z.number(),
  /** The agent may not call it. */
  refused: z.literal(true).optional(),
  error: z.string().optional(),
  /** What the thread held when the call ended. */
  memoryBytes: z.number().optional(),
});
/** A known solution is applied, and the agent runs (again) with what it changed. */
export const FixApplied = event("fix", {
  solution: SolutionRef,
  action: FixAction,
  /** By itself, or because a person chose it. */
  by: z.enum(["auto", "user"]),
  /** What it is for; without an error where another run failed. */
  signature: z.string(),
  error: RunError.optional(),
  changes: z.array(Change),
  /** Saved before; null where the agent had no state yet. */
  checkpointId: z.string().nullable(),
  /** The agent runs then. */
  delayMs: z.number(),
  /** Made before. */
  attempts: z.number(),
});
export type FixApplied = z.infer<typeof FixApplied>;
/** What the solution changed is as it was before. */
export const FixUndone = event("fixUndone", {
  solution: SolutionRef,
  /** The same error came again; one that it was applied after was taken back; the run failed with another error; it was stopped. */
  reason: z.enum(["returned", "earlier", "failed", "stopped"]),
});
export type FixUndone = z.infer<typeof FixUndone>;
/** The agent consumed this much more. */
export const UsageReported = event("usage", Usage.shape);
export const Question = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("approve"), message: z.string() }),
  z.object({ kind: z.literal("choose"), message: z.string(), options: z.array(z.string()).readonly() }),
  z.object({
    kind: z.literal("text"),
    message: z.string(),
    default: z.string().optional(),
    secret: z.boolean().optional(),
  }),
]);
export type Question = z.infer<typeof Question>;
export const Answer = z.union([z.boolean(), z.string()]);
export type Answer = z.infer<typeof Answer>;
/** The agent waits for a person. */
export const QuestionAsked = event("question", { question: Question });
export const QuestionAnswered = event("answer", {
  question: Question,
  answer: Answer,
  /** It was given earlier, to an attempt or run that this one repeats. */
  replayed: z.boolean(),
});
export const Finished = event("finished", {
  status: RunStatus,
  output: z.record(z.string(), z.unknown()).optional(),
  error: RunError.optional(),
  /** The checkpoint this run can be rolled back to. */
  checkpointId: z.string().nullable(),
  attempts: z.number(),
  durationMs: z.number(),
  warnings: z.array(z.string()),
  stopped: Stopped.optional(),
  /** Of all attempts; not there where the agent reported none. */
  usage: Usage.optional(),
  /** What became of the calls of its tools; not there where it called none. */
  tools: z.array(ToolCalls).optional(),
  /** Not there where its thread or process had to be ended. */
  use: ThreadUse.optional(),
});

/** The last line of a run that another one resumes, whoever started that: it is not resumed twice. */
export const Resumed = event("resumed", { by: z.string() });

/** One line of `.proj-intel/runs/<runId>.jsonl`. */
export const RunEvent = z.discriminatedUnion("type", [
  Queued,
  Started,
  CheckpointSaved,
  Progress,
  Log,
  Retry,
  ToolCalled,
  FixApplied,
  FixUndone,
  UsageReported,
  QuestionAsked,
  QuestionAnswered,
  Finished,
  Resumed,
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type Queued = z.infer<typeof Queued>;
export type Started = z.infer<typeof Started>;
export type Finished = z.infer<typeof Finished>;
