import * as z from "zod";

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

export const Queued = event("queued", {
  /** Relative to the workspace folder, forward slashes. */
  agent: z.object({ file_path: z.string(), name: z.string() }),
  task: z.unknown(),
  args: z.array(z.unknown()).optional(),
  retries: z.number(),
  timeoutMs: z.number().nullable(),
});
/** On disk before the agent's code runs. */
export const Started = event("started", { pid: z.number(), node: z.string() });
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
export const ToolCalled = event("tool", { name: z.string(), ok: z.boolean(), durationMs: z.number() });
export const Finished = event("finished", {
  status: RunStatus,
  output: z.record(z.string(), z.unknown()).optional(),
  error: RunError.optional(),
  /** The checkpoint this run can be rolled back to. */
  checkpointId: z.string().nullable(),
  attempts: z.number(),
  durationMs: z.number(),
  warnings: z.array(z.string()),
});

/** One line of `.proj-intel/runs/<runId>.jsonl`. */
export const RunEvent = z.discriminatedUnion("type", [
  Queued,
  Started,
  CheckpointSaved,
  Progress,
  Log,
  Retry,
  ToolCalled,
  Finished,
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type Queued = z.infer<typeof Queued>;
export type Started = z.infer<typeof Started>;
export type Finished = z.infer<typeof Finished>;
