import type { AgentLimits } from "../model/agentLimits.ts";
import { folderPath } from "../model/folderPath.ts";
import { pipelineName } from "../model/pipeline.ts";
import type { Finished, RunEvent } from "../model/runRecord.ts";
import { shortId } from "../model/runId.ts";
import { seconds } from "../model/seconds.ts";
import { stoppedText } from "../model/stoppedText.ts";
import { usageText, NO_USAGE } from "../model/usage.ts";
import { UserError } from "../model/userError.ts";
import { findRun } from "../runs/history/findRun.ts";
import { readPipeline } from "../runs/pipeline/readPipeline.ts";
import { readRun } from "../runs/readRun.ts";
import type { Run, StartRequest } from "../runs/runService.ts";
import { Slots } from "../runs/slots.ts";
import { answerCommandFor } from "./answerText.ts";
import { parseJson } from "./json.ts";
import { openService } from "./openService.ts";
import type { Output } from "./output.ts";
import { atATime, type QueueOptions } from "./queue/options.ts";
import { runOptions, type RunOptions } from "./runOptions.ts";
import { openTelemetry } from "./telemetry.ts";
import { toItsEnd } from "./toItsEnd.ts";
import { existingFile, workspaceFolder } from "./workspace.ts";

export interface PipelineOptions extends RunOptions, QueueOptions {
  input?: string;
  concurrency?: number;
  agentLimit?: AgentLimits;
  json?: true;
  otlp?: string;
  resume?: string;
  workspace?: string;
}

/** Runs the pipeline of a file, or goes on with a run of it. */
export async function pipelineCommand(
  path: string,
  options: PipelineOptions,
  output: Output,
): Promise<number> {
  const root = workspaceFolder(options.workspace);
  const file = existingFile(path);
  const pipeline = await readPipeline(root, file);
  if (options.input !== undefined && options.resume !== undefined)
    throw new UserError("--input and --resume exclude each other: a run goes on with the input that it had.");
  const input = options.input === undefined ? pipeline.input : parseJson("--input", options.input);
  const resumed = options.resume === undefined ? null : await runOfPipeline(root, file, options.resume);
  const concurrency = atATime(options, Infinity);
  const telemetry = await openTelemetry(options.otlp, output);
  const hear = (event: RunEvent) => {
    telemetry?.hear(event);
    if (options.json) output.json(event);
    else tell(event, output, options.queue === undefined ? "" : " with the same --queue");
  };
  const onStep = (run: Run, { step = "" }: StartRequest) =>
    run.onEvent((event) => {
      telemetry?.hear(event);
      if (options.json) output.json({ ...event, step });
      else tellStep(event, step, output);
    });
  try {
    const { agentLimit: agentLimits } = options;
    const service = await openService(options, output, {
      slots: new Slots(concurrency),
      agentLimits,
      onStep,
    });
    const begin = (): Promise<Run> => {
      if (resumed !== null) return service.resume(root, resumed, hear);
      const run = service.start({
        ...{ root, file, name: pipelineName(file), task: input },
        ...runOptions(options),
      });
      run.onEvent(hear);
      return Promise.resolve(run);
    };
    return await toItsEnd(service, begin, "Stopping the pipeline.", output, options.queue !== undefined);
  } finally {
    await telemetry?.close();
  }
}

async function runOfPipeline(root: string, file: string, text: string): Promise<string> {
  const runId = await findRun(root, text);
  const [queued] = await readRun(root, runId);
  const path = folderPath(root, file);
  if (queued?.type === "queued" && queued.agent.file_path === path) return runId;
  throw new UserError(
    `Run ${runId} is none of the pipeline ${path}: "opsvi-agents runs list" names those that are.`,
  );
}

/** A line for each step that ends, and for what is asked. */
function tellStep(event: RunEvent, step: string, output: Output): void {
  if (event.type === "question") {
    output.note(`asks      ${step}: ${event.question.message}`);
    output.note(`The step waits: answer with ${answerCommandFor(event.runId, event.question)}`);
  }
  if (event.type === "retry")
    output.note(`retry     ${step}: attempt ${event.attempt} of ${event.of} failed (${event.error.message})`);
  if (event.type === "finished")
    output.note(`${event.status.padEnd(8)}  ${step}  ${toldOf(event)}`.trimEnd());
}

function toldOf({ runId, durationMs, error, status, usage, stopped }: Finished): string {
  const reason =
    error === undefined || status === "cancelled"
      ? ""
      : `${error.name}: ${error.message.split("\n", 1)[0] ?? ""}`;
  return [shortId(runId), seconds(durationMs), stoppedText(stopped), reason, usageText(usage ?? NO_USAGE)]
    .filter(Boolean)
    .join("  ");
}

/**
 * The results of all steps go to standard output, all else to standard error.
 * @param where what it has to be resumed with, since what it left in a queue would be done twice without
 */
function tell(event: RunEvent, output: Output, where: string): void {
  if (event.type === "queued") output.note(`pipeline  ${event.agent.file_path}  ${event.runId}`);
  if (event.type !== "finished") return;
  const { runId, status, error, durationMs, output: results } = event;
  if (error !== undefined && status !== "cancelled") output.note(error.message);
  output.note(`${status.padEnd(8)}  ${seconds(durationMs)}`);
  if (status !== "success") output.note(`--resume ${shortId(runId)}${where} runs what did not succeed.`);
  if (results !== undefined) output.line(JSON.stringify(results, null, 2));
}
