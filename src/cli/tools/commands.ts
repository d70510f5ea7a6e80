import type { Command } from "commander";
import { ENV_OPTION } from "../environment.ts";
import type { Output } from "../output.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { workspaceOption } from "../workspace.ts";
import { toolsListCommand, type ToolsListOptions } from "./listCommand.ts";
import { toolsRunCommand, type ToolsRunOptions } from "./runCommand.ts";

const ARGS = ["--args <json>", "the constructor's arguments, a JSON array"] as const;

/** `tools list | run` */
export function addToolsCommands(program: Command, output: Output, done: (exitCode: number) => void): void {
  const tools = program.command("tools").description("the tools of an agent");
  tools
    .command("list")
    .description("the tools that an agent has once it is made, and how its runs used them")
    .argument("<agent>", "FILE#Class")
    .option(...ARGS)
    .option(...ENV_OPTION)
    .option("--json", "one JSON object a tool and line")
    .option(...workspaceOption())
    .action(async (agent: string, options: ToolsListOptions) =>
      done(await toolsListCommand(agent, options, output)),
    );
  tools
    .command("run")
    .description("call one tool alone, recorded like a run")
    .argument("<agent>", "FILE#Class")
    .argument("<tool>", "its name")
    .option("--params <json>", "what it takes")
    .option(...ARGS)
    .option(...ENV_OPTION)
    .option("--timeout <ms>", "stop it after so many milliseconds", wholeNumber(1))
    .option("--json", 'the events of the run, one JSON object a line; the last one is "finished"')
    .option(...workspaceOption())
    .action(async (agent: string, tool: string, options: ToolsRunOptions) =>
      done(await toolsRunCommand(agent, tool, options, output)),
    );
}
