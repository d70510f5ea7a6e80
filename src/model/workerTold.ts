import * as z from "zod";

/** What a worker tells of itself every few seconds. */
export const WorkerTold = z.object({
  id: z.string(),
  /** Of its machine. */
  host: z.string(),
  pid: z.number(),
  node: z.string(),
  /** Of opsvi-agents. */
  version: z.string(),
  /** How many agent classes it takes runs of. */
  agents: z.number(),
  /** How many runs it takes at a time, and has now. */
  concurrency: z.number(),
  busy: z.number(),
  /** Runs that ended here since it began. */
  ended: z.number(),
  /** It takes no further run, and ends with those it has. */
  draining: z.boolean(),
  /** How often it began anew, because runs waited and it was given none. */
  restarts: z.number(),
  /** ISO */
  startedAt: z.string(),
  told: z.string(),
});
export type WorkerTold = z.infer<typeof WorkerTold>;
