import { componentSentence, isComponent } from "../model/componentFile.ts";
import { formatAgentRef, type AgentRef } from "../model/agentRef.ts";
import { fixLine } from "../model/fixLine.ts";
import { percent } from "../model/percent.ts";
import type { Finished, RunEvent } from "../model/runRecord.ts";
import { savedFor, savedTasksFile } from "../model/savedTasks.ts";
import { stoppedText } from "../model/stoppedText.ts";
import { UserError } from "../model/userError.ts";
import { readSavedTasks } from "../runs/savedTasks.ts";
import type { Run, RunService, StartRequest } from "../runs/runService.ts";
import { answerQuestions } from "./answering.ts";
import { parseArguments, parseJson } from "./json.ts";
import { openService } from "./openService.ts";
import type { Output } from "./output.ts";
import type { QueueOptions } from "./queue/options.ts";
import { runOptions, type RunOptions } from "./runOptions.ts";
import { openTelemetry } from "./telemetry.ts";
import { openTerminal } from "./terminal.ts";
import { toItsEnd } from "./toItsEnd.ts";
import { turnOptions, type TurnOptions } from "./turnOptions.ts";
import { findTarget } from "./workspace.ts";

export interface RunCommandOptions extends RunOptions, TurnOptions, QueueOptions {
  task?: string;
  saved?: string;
  args?: string;
  json?: true;
  otlp?: string;
  workspace?: string;
}

export async function runCommand(agent: string, options: RunCommandOptions, output: Output): Promise<number> {
  const { root, file, name, file_path } = findTarget(agent, options.workspace);
  if (isComponent(file)) throw new UserError(componentSentence(name, file_path));
  const given = taskOf(options, root, { file: file_path, name });
  const args = options.args === undefined ? (given.args ?? []) : parseArguments(options.args);
  const request = {
    root,
    file,
    name,
    task: given.task,
    args,
    ...runOptions(options),
    ...turnOptions(options),
  };
  const telemetry = await openTelemetry(options.otlp, output);
  try {
    const service = await openService(options, output);
    const begin = async (hear: (event: RunEvent) => void) => {
      const run = await start(service, request, hear);
      run.onEvent((event) => telemetry?.hear(event));
      return run;
    };
    return await follow(service, begin, options, output);
  } finally {
    await telemetry?.close();
  }
}

function taskOf(
  { task, saved }: RunCommandOptions,
  root: string,
  agent: AgentRef,
): { task: unknown; args?: unknown[] | undefined } {
  if (task !== undefined && saved === undefined) return { task: parseJson("--task", task) };
  if (saved === undefined || task !== undefined)
    throw new UserError("Give the agent one task: either --task JSON or --saved NAME.");
  const all = savedFor(readSavedTasks(root), agent);
  const found = all.find(({ name }) => name === saved);
  if (found !== undefined) return found;
  const names = all.map(({ name }) => `"${name}"`).join(", ");
  throw new UserError(
    `${savedTasksFile} has no task "${saved}" of ${formatAgentRef(agent)}${names === "" ? "" : `, but ${names}`}.`,
  );
}

function start(service: RunService, request: StartRequest, hear: (event: RunEvent) => void): Promise<Run> {
  const run = service.start(request);
  run.onEvent(hear);
  return Promise.resolve(run);
}

/** Tells what a run says until it ends. Answers with the exit code. */
export async function follow(
  service: RunService,
  begin: (hear: (event: RunEvent) => void) => Promise<Run>,
  { json, queue }: { json?: true; queue?: string },
  output: Output,
): Promise<number> {
  const begun = async () => {
    const run = await begin((event) => (json ? output.json(event) : print(event, output)));
    answerQuestions(run, openTerminal(), output);
    return run;
  };
  return await toItsEnd(service, begun, "Stopping the run.", output, queue !== undefined);
}

/** The result goes to standard output, all else to standard error: `run … > result.json` keeps just the result. */
function print(event: RunEvent, output: Output): void {
  switch (event.type) {
    case "queued":
      output.note(`run       ${event.agent.file_path}#${event.agent.name}  ${event.runId}`);
      break;
    case "log":
      for (const line of event.text.replace(/\r?\n$/, "").split(/\r?\n/))
        output.note(`${event.stream}    ${line}`);
      break;
    case "progress":
      output.note(`progress  ${[percent(event.fraction), event.message].filter(Boolean).join(" ")}`);
      break;
    case "checkpoint":
      output.note(`saved     ${event.label ?? "checkpoint"}  ${event.id}`);
      break;
    case "tool":
      output.note(
        `tool      ${event.name} ${event.refused ? "refused" : event.ok ? "done" : "failed"}, ${event.durationMs} ms`,
      );
      break;
    case "started":
      if (event.worker !== undefined)
        output.note(
          `worker    ${event.worker}${event.checkpoint === undefined ? "" : ` goes on from ${event.checkpoint}`}`,
        );
      break;
    case "usage":
      break;
    case "question":
      output.note(`asks      ${event.question.message}`);
      break;
    case "answer":
      output.note(`answered  ${String(event.answer)}${event.replayed ? " (earlier)" : ""}`);
      break;
    case "retry":
      output.note(
        `retry     attempt ${event.attempt} of ${event.of} failed (${event.error.message}), next in ${event.delayMs} ms`,
      );
      break;
    case "fix":
    case "fixUndone":
      output.note(`fix       ${fixLine(event)}`);
      break;
    case "finished":
      printEnd(event, output);
      break;
    case "resumed":
      output.note(`resumed   by ${event.by}`);
      break;
  }
}

function printEnd(finished: Finished, output: Output): void {
  const { status, error, attempts, durationMs, warnings, stopped } = finished;
  for (const warning of warnings) output.note(`warning   ${warning}`);
  if (error && status !== "cancelled")
    output.note(
      error.stack ?? (error.name === "UserError" ? error.message : `${error.name}: ${error.message}`),
    );
  const tries = attempts > 1 ? `${attempts} attempts` : "";
  const told = [`${durationMs} ms`, tries, stoppedText(stopped)].filter(Boolean).join(", ");
  output.note(`${status.padEnd(8)}  ${told}`);
  if (finished.output) output.line(JSON.stringify(finished.output, null, 2));
}
