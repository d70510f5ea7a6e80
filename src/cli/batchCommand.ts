import { text } from "node:stream/consumers";
import type { AgentLimits } from "../model/agentLimits.ts";
import { UserError } from "../model/userError.ts";
import { readAgentTasks, readTasksFor, type AskedRun } from "../runs/batch/agentTasks.ts";
import { Batch } from "../runs/batch/batch.ts";
import { BatchTable } from "./batchTable.ts";
import { batchToItsEnd } from "./batchToItsEnd.ts";
import { onInterrupt } from "./interrupt.ts";
import { parseArguments } from "./json.ts";
import { openService } from "./openService.ts";
import type { Output } from "./output.ts";
import { atATime, type QueueOptions } from "./queue/options.ts";
import { runOptions, type RunOptions } from "./runOptions.ts";
import { openTelemetry, type Telemetry } from "./telemetry.ts";
import { readTextFile } from "./textFile.ts";
import { turnOptions, type TurnOptions } from "./turnOptions.ts";
import { findTarget, workspaceFolder } from "./workspace.ts";

export interface BatchOptions extends RunOptions, TurnOptions, QueueOptions {
  agent?: string;
  args?: string;
  concurrency?: number;
  agentLimit?: AgentLimits;
  shareThreads?: true;
  json?: true;
  otlp?: string;
  workspace?: string;
}

/** Runs every line of a file of tasks; `-` is standard input. */
export async function batchCommand(file: string, options: BatchOptions, output: Output): Promise<number> {
  const asked = await askedRuns(file, options);
  const telemetry = await openTelemetry(options.otlp, output);
  try {
    return await runAll(asked, options, telemetry, output);
  } finally {
    await telemetry?.close();
  }
}

async function runAll(
  asked: readonly AskedRun[],
  options: BatchOptions,
  telemetry: Telemetry | null,
  output: Output,
): Promise<number> {
  const concurrency = atATime(options, asked.length);
  const service = await openService(options, output, { agentLimits: options.agentLimit });
  const batch = new Batch(
    service,
    asked.map((request) => ({ ...runOptions(options), ...turnOptions(options), ...request })),
    { concurrency, sharesThreads: options.shareThreads },
  );
  const leave = () => {
    batch.beginNoMore();
    void service.dispose();
  };
  const cancel = () => void batch.cancel();
  const leaves = options.queue === undefined ? undefined : leave;
  const interrupt = onInterrupt(cancel, "Stopping all runs.", output, leaves);
  const labels = asked.map(({ line }) => `line ${line}`);
  const table = new BatchTable(batch.id, batch.rows, labels, output);
  if (!options.json) table.begin(concurrency);
  batch.onEvent((event, row) => {
    telemetry?.hear(event);
    if (options.json) output.json({ ...event, line: asked[row.index]?.line });
    else table.hear(event, row);
  });
  const told = { service, interrupt, table, json: options.json === true };
  return await batchToItsEnd(told, () => batch.finished, output);
}

async function askedRuns(file: string, options: BatchOptions): Promise<AskedRun[]> {
  const { agent, args, workspace } = options;
  const source = file === "-" ? "standard input" : file;
  if (agent === undefined) {
    if (args !== undefined)
      throw new UserError("--args goes with --agent: where lines name agents, they hold the arguments too.");
    return await readAgentTasks(workspaceFolder(workspace), await textOf(file), source);
  }
  const target = findTarget(agent, workspace);
  const given = args === undefined ? [] : parseArguments(args);
  return readTasksFor(target, given, await textOf(file), source);
}

const textOf = (file: string): Promise<string> => (file === "-" ? text(process.stdin) : readTextFile(file));
