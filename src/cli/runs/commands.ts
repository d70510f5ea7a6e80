import { Option, type Command } from "commander";
import { RUN_STATES } from "../../model/runSummary.ts";
import { answerCommand, type AnswerOptions } from "../answerCommand.ts";
import { ENV_OPTION } from "../environment.ts";
import { RETENTION_OPTION } from "../retentionOption.ts";
import { AUTO_FIX_OPTION } from "../runOptions.ts";
import type { Output } from "../output.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { FOLDER_ARGUMENT, workspaceOption } from "../workspace.ts";
import { cancelCommand, type CancelOptions } from "./cancelCommand.ts";
import { discardCommand, type DiscardOptions } from "./discardCommand.ts";
import { listCommand, type ListOptions } from "./listCommand.ts";
import { QUEUE_NAME_OPTION, QUEUE_OPTION } from "../queue/options.ts";
import { resumeCommand, type ResumeOptions } from "./resumeCommand.ts";
import { showCommand, type ShowOptions } from "./showCommand.ts";

const RUN = "the beginning or the end of the id of a run";
const RUN_OR_BATCH = `${RUN}, or of a batch`;

/** `runs list | show | cancel | resume | discard | answer` */
export function addRunsCommands(program: Command, output: Output, done: (exitCode: number) => void): void {
  const runs = program.command("runs").description("the recorded runs of a workspace folder");
  runs
    .command("list")
    .description("the recorded runs, the newest first")
    .argument(...FOLDER_ARGUMENT)
    .addOption(new Option("--state <state>", "only the runs in this state").choices(RUN_STATES))
    .option("--agent <agent>", "only the runs of this class: its name, its file, or FILE#Class")
    .option("--limit <n>", "only the newest so many", wholeNumber(1))
    .option("--json", "one JSON object a run and line")
    .action(async (dir: string | undefined, options: ListOptions) =>
      done(await listCommand(dir, options, output)),
    );
  runs
    .command("show")
    .description("one run: what was asked for and what came of it; or a batch with its runs")
    .argument("<run>", RUN_OR_BATCH)
    .option("--log", "what it wrote follows")
    .option("--json", "one JSON object")
    .option(...workspaceOption())
    .action(async (run: string, options: ShowOptions) => done(await showCommand(run, options, output)));
  runs
    .command("cancel")
    .description("stop runs, whether VS Code or a command line started them, and wait until they have ended")
    .argument("<runs...>", RUN_OR_BATCH)
    .option(...workspaceOption())
    .action(async (refs: string[], options: CancelOptions) =>
      done(await cancelCommand(refs, options, output)),
    );
  runs
    .command("discard")
    .description("remove the records of runs; their checkpoints stay")
    .argument("[runs...]", RUN_OR_BATCH)
    .option("--interrupted", "all runs that were interrupted, and records that cannot be read")
    .option(...workspaceOption())
    .action(async (refs: string[], options: DiscardOptions) =>
      done(await discardCommand(refs, options, output)),
    );
  runs
    .command("answer")
    .description("answer the question of a run that waits, whether VS Code or a command line started it")
    .argument("<run>", RUN)
    .argument(
      "[value]",
      "yes or no, an option or its number, a text; without it, you are asked, or it is standard input",
    )
    .option(...workspaceOption())
    .action(async (run: string, value: string | undefined, options: AnswerOptions) =>
      done(await answerCommand(run, value, options, output)),
    );
  runs
    .command("resume")
    .description("go on with a run that failed, was cancelled or interrupted, from its last checkpoint")
    .argument("<run>", `${RUN_OR_BATCH}, of which those go on that were cancelled or interrupted`)
    .option(
      "--concurrency <n>",
      "how many run at a time, of a batch or of the steps of a pipeline (default: as many as there are processors)",
      wholeNumber(1),
    )
    .option(...ENV_OPTION)
    .option(...RETENTION_OPTION)
    .option(...AUTO_FIX_OPTION)
    .option(
      "--json",
      'the events of the new run, one JSON object a line; the last one is "finished", of a batch "summary"',
    )
    .option(...workspaceOption())
    .option(...QUEUE_OPTION)
    .option(...QUEUE_NAME_OPTION)
    .action(async (run: string, options: ResumeOptions) => done(await resumeCommand(run, options, output)));
}
