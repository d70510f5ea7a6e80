import { Option, type Command } from "commander";
import { CHECKPOINT_STATES } from "../../model/checkpoints.ts";
import type { Output } from "../output.ts";
import { QUEUE_NAME_OPTION, QUEUE_OPTION } from "../queue/options.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { FOLDER_ARGUMENT, workspaceOption } from "../workspace.ts";
import {
  exportCommand,
  importCommand,
  pinCommand,
  removeCommand,
  restoreCommand,
  type ChangeOptions,
  type ExportOptions,
} from "./changeCommands.ts";
import { diffCommand, type DiffOptions } from "./diffCommand.ts";
import { fetchCommand, type FetchOptions } from "./fetchCommand.ts";
import { listCommand, type ListOptions } from "./listCommand.ts";
import { pruneCommand, type PruneOptions } from "./pruneCommand.ts";
import { showCommand, type ShowOptions } from "./showCommand.ts";
import { byteCount, duration } from "./sizes.ts";

const CHECKPOINT = "the beginning or the end of the id of a checkpoint";
const JSON_LINES = ["--json", 'one {"type": …, "data": …} a line'] as const;

/** `checkpoints list | show | diff | restore | prune | pin | unpin | export | import | fetch | remove` */
export function addCheckpointsCommands(
  program: Command,
  output: Output,
  done: (exitCode: number) => void,
): void {
  const checkpoints = program
    .command("checkpoints")
    .description("what agents kept of their state in a workspace folder");
  checkpoints
    .command("list")
    .description("the checkpoints, the newest first")
    .argument(...FOLDER_ARGUMENT)
    .option("--agent <name>", "only those of this agent")
    .option("--run <id>", "only those of this run, by its whole id")
    .addOption(new Option("--state <state>", "only those in this state").choices(CHECKPOINT_STATES))
    .option("--text <text>", "only those with this in their label, agent, run, id or state")
    .option("--pinned", "only the pinned ones")
    .option("--limit <n>", "only the newest so many", wholeNumber(1))
    .option(...JSON_LINES)
    .action(async (dir: string | undefined, options: ListOptions) =>
      done(await listCommand(dir, options, output)),
    );
  checkpoints
    .command("show")
    .description("one checkpoint: where it comes from, whether it is whole, and what it keeps")
    .argument("<checkpoint>", CHECKPOINT)
    .option(...JSON_LINES)
    .option(...workspaceOption())
    .action(async (ref: string, options: ShowOptions) => done(await showCommand(ref, options, output)));
  checkpoints
    .command("diff")
    .description("what differs between two checkpoints; the exit code is 1 where something does")
    .argument("<before>", CHECKPOINT)
    .argument("<after>", CHECKPOINT)
    .option(...JSON_LINES)
    .option(...workspaceOption())
    .action((a: string, b: string, options: DiffOptions) => done(diffCommand(a, b, options, output)));
  checkpoints
    .command("restore")
    .description("add a checkpoint with the state of an older one; programs begin with it from then on")
    .argument("<checkpoint>", CHECKPOINT)
    .option(...JSON_LINES)
    .option(...workspaceOption())
    .action((ref: string, options: ChangeOptions) => done(restoreCommand(ref, options, output)));
  checkpoints
    .command("prune")
    .description("remove old checkpoints, once all that stays has been proven to restore")
    .argument(...FOLDER_ARGUMENT)
    .option("--max-count <n>", "keep at most so many of each agent", wholeNumber(0))
    .option("--max-age <time>", "keep none that is older, for example 30d", duration)
    .option("--max-bytes <size>", "keep at most so much of each agent, for example 500MB", byteCount)
    .option("--agent <name>", "only those of this agent")
    .option("--dry-run", "tell what would be removed, prove that the rest restores, and remove nothing")
    .option("--json", 'one {"type":"prune","data":…}')
    .action(async (dir: string | undefined, options: PruneOptions) =>
      done(await pruneCommand(dir, options, output)),
    );
  for (const pinned of [true, false])
    checkpoints
      .command(pinned ? "pin" : "unpin")
      .description(pinned ? "keep checkpoints, and what they follow, from being pruned" : "take pins away")
      .argument("<checkpoints...>", CHECKPOINT)
      .option(...JSON_LINES)
      .option(...workspaceOption())
      .action((refs: string[], options: ChangeOptions) => done(pinCommand(refs, pinned, options, output)));
  checkpoints
    .command("export")
    .description("write checkpoints into one file, or to standard output")
    .argument("[checkpoints...]", CHECKPOINT)
    .option("--agent <name>", "all of this agent; the exit code is 1 where damaged ones are left out")
    .option("--out <file>", "the file to write")
    .option(...workspaceOption())
    .action(async (refs: string[], options: ExportOptions) =>
      done(await exportCommand(refs, options, output)),
    );
  checkpoints
    .command("import")
    .description("add the checkpoints of an exported file; the exit code is 1 where some were left out")
    .argument("<file>", "what export wrote")
    .option(...JSON_LINES)
    .option(...workspaceOption())
    .action(async (file: string, options: ChangeOptions) => done(await importCommand(file, options, output)));
  checkpoints
    .command("fetch")
    .description(
      "copy what runs of a queue left on other machines; the exit code is 1 where some were left out",
    )
    .argument(...FOLDER_ARGUMENT)
    .requiredOption(...QUEUE_OPTION)
    .option(...QUEUE_NAME_OPTION)
    .option("--agent <name>", "only those of this agent")
    .option(...JSON_LINES)
    .action(async (dir: string | undefined, options: FetchOptions) =>
      done(await fetchCommand(dir, options, output)),
    );
  checkpoints
    .command("remove")
    .description("remove checkpoints that are not pinned; what follows them stays")
    .argument("<checkpoints...>", CHECKPOINT)
    .option(...JSON_LINES)
    .option(...workspaceOption())
    .action(async (refs: string[], options: ChangeOptions) =>
      done(await removeCommand(refs, options, output)),
    );
}
