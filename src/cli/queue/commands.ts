import type { Command } from "commander";
import type { Output } from "../output.ts";
import { ENV_OPTION } from "../environment.ts";
import { RETENTION_OPTION } from "../retentionOption.ts";
import { AGENT_LIMIT_OPTION } from "../turnOptions.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { workspaceOption } from "../workspace.ts";
import { boardCommand, type BoardOptions } from "./boardCommand.ts";
import { QUEUE_NAME_OPTION, QUEUE_OPTION } from "./options.ts";
import { workerCommand, type WorkerOptions } from "./workerCommand.ts";
import { workersCommand, type WorkersOptions } from "./workersCommand.ts";

/** `worker`, `workers`, `board` */
export function addQueueCommands(program: Command, output: Output, done: (exitCode: number) => void): void {
  program
    .command("worker")
    .description("take runs from a queue, and execute them with the agents of a workspace folder")
    .requiredOption(...QUEUE_OPTION)
    .option(...QUEUE_NAME_OPTION)
    .option(
      "--concurrency <n>",
      "how many run at a time (default: as many as there are processors)",
      wholeNumber(1),
    )
    .option("--agents <glob>", "take only runs of these: FILE#Class, a class name, or either with *")
    .option(
      AGENT_LIMIT_OPTION[0],
      `${AGENT_LIMIT_OPTION[1]}, counted on all workers that are given the same`,
      AGENT_LIMIT_OPTION[2],
    )
    .option("--any-code", "also take runs that were started with another version of the agent's code")
    .option(...ENV_OPTION)
    .option(...RETENTION_OPTION)
    .option(...workspaceOption())
    .addHelpText(
      "after",
      "\nIt ends with SIGTERM or Ctrl+C, once the runs at work have ended; the second one ends it at once, and other workers take its runs over.",
    )
    .action(async (options: WorkerOptions) => done(await workerCommand(options, output)));
  program
    .command("board")
    .description("show the jobs of a queue in a browser, with bull-board where that is installed")
    .requiredOption(...QUEUE_OPTION)
    .option(...QUEUE_NAME_OPTION)
    .option("--port <n>", "the port on 127.0.0.1; 0 takes a free one", wholeNumber(0), 3000)
    .action(async (options: BoardOptions) => done(await boardCommand(options, output)));
  program
    .command("workers")
    .description("who takes runs of a queue, with load and when they were last heard of")
    .requiredOption(...QUEUE_OPTION)
    .option(...QUEUE_NAME_OPTION)
    .option("--json", "one JSON object a worker and line")
    .action(async (options: WorkersOptions) => done(await workersCommand(options, output)));
}
