import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { plannedAdapter, writtenAdapter, writtenRecord } from "../migration/adapterSource.ts";
import { parityHead, parityRows, paritySentence } from "../migration/parityText.ts";
import { parityReport, parityResult } from "../migration/parityReport.ts";
import { componentSentence, isComponent } from "../model/componentFile.ts";
import type { AdapterSource, ParityRun, ParityTask } from "../model/parity.ts";
import { UserError } from "../model/userError.ts";
import { ParityRunner } from "../runs/parityRunner.ts";
import { recordedTasks } from "../runs/recordedTasks.ts";
import { recordsFolder } from "../runs/recordPlace.ts";
import { bundles } from "./bundles.ts";
import { planOptionsOf } from "./migrate/planOptions.ts";
import { surroundings } from "./environment.ts";
import { onInterrupt } from "./interrupt.ts";
import { parseArguments, parseJson } from "./json.ts";
import { openIndexer } from "./openIndexer.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import { readTextFile } from "./textFile.ts";
import { findTarget, type Target } from "./workspace.ts";

export interface ParityOptions {
  task?: string;
  tasks?: string;
  args?: string;
  method?: string;
  timeout?: number;
  env?: string;
  json?: true;
  workspace?: string;
}

/** Gives tasks to a class and to its adapter, written or planned, and shows where they differ. */
export async function parityCommand(agent: string, options: ParityOptions, output: Output): Promise<number> {
  const target = findTarget(agent, options.workspace);
  const { root, file, name, file_path } = target;
  if (isComponent(file)) throw new UserError(componentSentence(name, file_path));
  const found = surroundings(options);
  const tasks = await tasksFor(target, options);
  const adapter = await adapterOf(target, options, output);
  const runner = new ParityRunner({ hostFile: bundles.host, nodePath: process.execPath }, found);
  const abort = new AbortController();
  const interrupt = onInterrupt(() => abort.abort(), "Stopping the comparison.", output);
  const named = { file_path, name, adapter: adapter.name };
  const runs: ParityRun[] = [];
  try {
    const request = { root, file, name, adapter, tasks, timeoutMs: options.timeout };
    const listener = {
      signal: abort.signal,
      onEvent: (side: string, event: { type: string; text?: string }) => {
        if (event.type !== "log") return;
        for (const line of (event.text ?? "").replace(/\r?\n$/, "").split(/\r?\n/))
          output.note(`${side.padEnd(8)}  ${line}`);
      },
    };
    for await (const run of runner.run(request, listener)) {
      runs.push(run);
      const result = parityResult(run);
      if (options.json)
        output.json({ type: "parity", data: { file_path, name, adapter_name: adapter.name, ...result } });
      else {
        output.line(parityHead(result));
        for (const line of table(parityRows(named, result))) output.line(`  ${line}`);
      }
    }
  } catch (error) {
    if (interrupt.code === null) throw error;
    return interrupt.code;
  } finally {
    interrupt.dispose();
    await runner.dispose();
  }
  const report = parityReport(named, runs);
  output.note(paritySentence(report));
  return report.same ? 0 : 1;
}

async function tasksFor({ root, file_path, name }: Target, options: ParityOptions): Promise<ParityTask[]> {
  const { task, tasks, args } = options;
  if (task !== undefined && tasks !== undefined)
    throw new UserError("--task and --tasks exclude each other: give one task, or a file of them.");
  const given = args === undefined ? undefined : parseArguments(args);
  if (task !== undefined) return [{ task: parseJson("--task", task), args: given ?? [] }];
  if (tasks !== undefined) return (await readTasks(tasks)).map((one) => ({ task: one, args: given ?? [] }));
  const recorded = await recordedTasks(root, { file_path, name });
  if (recorded.length > 0) return recorded.map((one) => ({ task: one.task, args: given ?? one.args }));
  throw new UserError(
    `No run of ${name} is recorded in ${recordsFolder(root)}: give a task with --task JSON, or a file with one JSON a line with --tasks FILE.jsonl.`,
  );
}

async function readTasks(file: string): Promise<unknown[]> {
  const text = await readTextFile(file);
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }));
  const written = lines.filter(({ line }) => line.trim() !== "");
  if (written.length === 0) throw new UserError(`${file} holds no task: write one JSON a line.`);
  return written.map(({ line, number }) => {
    try {
      return JSON.parse(line) as unknown;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(`${file}:${number} is not JSON (${reason}): write one JSON a line.`);
    }
  });
}

/** As it is written already, or else as a migration would write it. */
async function adapterOf(
  { root, file, file_path, name }: Target,
  { method }: ParityOptions,
  output: Output,
): Promise<AdapterSource> {
  const indexer = await openIndexer(root, output);
  try {
    const { agents, rejected } = await indexer.index(root);
    const written = writtenRecord([...agents, ...rejected], { file_path, name });
    if (written !== undefined) {
      const path = join(root, written.file_path);
      return writtenAdapter(written.name, path, await readFile(path, "utf8"));
    }
    const result = await indexer.planMigration(root, { file, name, method }, planOptionsOf(root, {}, output));
    if (result.status === "ready") return plannedAdapter(result.plan);
    throw new UserError(result.reason);
  } finally {
    await indexer.dispose();
  }
}
