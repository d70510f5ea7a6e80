import * as z from "zod";
import { Pipeline, stepsOf } from "./pipeline.ts";
import { parsed, RemoteRun } from "./remoteRun.ts";
import { Finished } from "./runRecord.ts";

/** What a queue has as the job of a pipeline: all else stands in its log. */
export const PipelineJob = z.object({ format: z.literal(1), kind: z.literal("pipeline") });
export type PipelineJob = z.infer<typeof PipelineJob>;

/** A pipeline as workers go on with it, whoever started it. */
export const RemotePipeline = z
  .object({
    format: z.literal(1),
    steps: Pipeline.shape.steps,
    /** What it was given; null where that is nothing. */
    input: z.object({ value: z.unknown() }).nullable(),
    priority: z.number().int(),
    /** By step: its run, in whose task and arguments results are still referred to. */
    runs: z.record(z.string(), RemoteRun.extend({ runId: z.uuid() })),
  })
  .refine(({ steps, runs }) => stepsOf(steps).every(({ id }) => Object.hasOwn(runs, id)));
export type RemotePipeline = z.infer<typeof RemotePipeline>;

/** That the turn of a step has come, with the results that it refers to. */
export const BegunStep = z.object({ id: z.string(), task: z.unknown(), args: z.array(z.unknown()) });
export type BegunStep = z.infer<typeof BegunStep>;

/** How a step ended; it was never begun where what it refers to is not there. */
export const EndedStep = Finished.pick({ status: true, output: true, error: true }).extend({
  id: z.string(),
});
export type EndedStep = z.infer<typeof EndedStep>;

/**
 * A line of the log of a pipeline: the first one tells what it is, the last one (as in the log of a run) how it ended. Several workers
 * write: of a step only the first line of each kind counts.
 */
export const PipelineLine = z.union([
  z.object({ pipeline: RemotePipeline }),
  z.object({ begun: BegunStep }),
  z.object({ ended: EndedStep }),
]);
export type PipelineLine = z.infer<typeof PipelineLine>;

/** Null for a line that is none of these. */
export const pipelineLine = (text: string): PipelineLine | null =>
  PipelineLine.safeParse(parsed(text)).data ?? null;
