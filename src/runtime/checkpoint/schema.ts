import * as z from "zod";

/** The newest `schemaVersion` this library reads and the one it writes. */
export const checkpointVersion = 1;

const summary = {
  schemaVersion: z.literal(checkpointVersion),
  id: z.uuid(),
  parentId: z.uuid().nullable(),
  runId: z.string().nullable(),
  agent: z.string(),
  agentType: z.string(),
  label: z.string().nullable(),
  state: z.enum(["created", "ready", "busy", "error", "stopped"]),
  timestamp: z.number(),
  createdAt: z.string(),
  hash: z.string(),
  redactions: z.number().int().min(0).default(0),
  lost: z.array(z.string()).default([]),
  stateVersion: z.number().int().min(1).optional(),
};

const text = z.string().min(1);
const question = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("approve"), message: text }),
  z.object({ kind: z.literal("choose"), message: text, options: z.array(z.string()) }),
  z.object({
    kind: z.literal("text"),
    message: text,
    default: z.string().optional(),
    secret: z.boolean().optional(),
  }),
]);
/** What a person answered. */
const recordedAnswer = z.object({ question, answer: z.union([z.boolean(), z.string()]) });

/** One file `checkpoints/<agent>/<id>.json`; context and task are encoded (see codec.ts). */
export const Checkpoint = z.object({
  ...summary,
  context: z.unknown(),
  task: z.unknown(),
  answers: z.array(recordedAnswer).optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** What a draft brings along that is stored as it is. */
export const CheckpointFields = Checkpoint.pick({
  agent: true,
  agentType: true,
  label: true,
  state: true,
  parentId: true,
  runId: true,
  stateVersion: true,
  answers: true,
});

/** Larger checkpoints are refused: they could not be read again. */
export const mostMebibytes = 256;

/** One line of `checkpoints/<agent>/index.jsonl`; `bytes` is the size of the file it stands for. */
export const CheckpointLine = z.object({
  ...summary,
  bytes: z
    .number()
    .int()
    .min(1)
    .max(mostMebibytes * 2 ** 20),
});
export type CheckpointLine = z.infer<typeof CheckpointLine>;
