import { RunService } from "../../runs/runService.ts";
import { bundles } from "../bundles.ts";
import { surroundings } from "../environment.ts";
import { parseArguments, parseJson } from "../json.ts";
import type { Output } from "../output.ts";
import { follow } from "../runCommand.ts";
import { findTarget } from "../workspace.ts";

export interface ToolsRunOptions {
  params?: string;
  args?: string;
  json?: true;
  timeout?: number;
  env?: string;
  workspace?: string;
}

/** Calls one tool of an agent alone, recorded like a run. */
export async function toolsRunCommand(
  agent: string,
  tool: string,
  options: ToolsRunOptions,
  output: Output,
): Promise<number> {
  const { root, file, name } = findTarget(agent, options.workspace);
  const task = options.params === undefined ? null : parseJson("--params", options.params);
  const args = options.args === undefined ? [] : parseArguments(options.args);
  const service = new RunService({
    ...{ hostFile: bundles.host, nodePath: process.execPath },
    surroundings: surroundings(options),
  });
  const request = { root, file, name, task, args, tool, timeoutMs: options.timeout };
  const begin = (hear: Parameters<ReturnType<RunService["start"]>["onEvent"]>[0]) => {
    const run = service.start(request);
    run.onEvent(hear);
    return Promise.resolve(run);
  };
  return await follow(service, begin, options, output);
}
