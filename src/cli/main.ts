import { Command, CommanderError, Option } from "commander";
import { version } from "../../package.json";
import { Span } from "../model/performance.ts";
import { UserError } from "../model/userError.ts";
import { batchCommand, type BatchOptions } from "./batchCommand.ts";
import { addCheckpointsCommands } from "./checkpoints/commands.ts";
import { censusCommand, type CensusOptions } from "./censusCommand.ts";
import { ENV_OPTION } from "./environment.ts";
import { indexCommand, type IndexOptions } from "./indexCommand.ts";
import { isSupported, OLDEST_NODE } from "../runs/nodeBinary.ts";
import { mcpCommand } from "./mcpCommand.ts";
import { migrateCommand } from "./migrate/migrateCommand.ts";
import type { MigrateOptions } from "./migrate/options.ts";
import { Output } from "./output.ts";
import { parityCommand, type ParityOptions } from "./parityCommand.ts";
import { addPatternsCommands } from "./patterns/commands.ts";
import { performanceCommand, type PerformanceOptions } from "./performanceCommand.ts";
import { pipelineCommand, type PipelineOptions } from "./pipelineCommand.ts";
import { addQueueCommands } from "./queue/commands.ts";
import { QUEUE_NAME_OPTION, QUEUE_OPTION } from "./queue/options.ts";
import { runCommand, type RunCommandOptions } from "./runCommand.ts";
import { addRunOptions, type RunOptions } from "./runOptions.ts";
import { addRunsCommands } from "./runs/commands.ts";
import { addMemoryCommands } from "./memory/commands.ts";
import { addApproveCommand } from "./patterns/approveCommand.ts";
import { addToolsCommands } from "./tools/commands.ts";
import { addTurnOptions, AGENT_LIMIT_OPTION } from "./turnOptions.ts";
import { wholeNumber } from "./wholeNumber.ts";
import { FOLDER_ARGUMENT, workspaceOption } from "./workspace.ts";

const OTLP_OPTION = [
  "--otlp <url>",
  "send the spans of runs to this OpenTelemetry endpoint (headers: OTEL_EXPORTER_OTLP_HEADERS)",
] as const;
const output = new Output();
let exitCode = 0;

const program = new Command("opsvi-agents")
  .description("See, wrap, run and recover the agent classes of a workspace.")
  .version(version)
  .exitOverride()
  .hook("preAction", () => {
    const { node } = process.versions;
    if (!isSupported(node))
      throw new UserError(`opsvi-agents needs Node ${OLDEST_NODE} or newer, and this is Node ${node}.`);
  })
  .showHelpAfterError("(--help shows the usage)")
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 an agent or a migration failed or differs, 2 wrong use or input, 130 interrupted.",
  );

program
  .command("index")
  .description("list the agent classes of a folder")
  .argument("<dir>", "the folder")
  .option("--json", "one JSON object a line, as in .proj-intel/agent_architecture.jsonl")
  .option("--all", "the classes that were considered and rejected follow, with the reason")
  .option("--no-cache", "index from scratch")
  .option("--write", "update .proj-intel/agent_architecture.jsonl in the folder")
  .action(
    async (dir: string, options: IndexOptions) => void (exitCode = await indexCommand(dir, options, output)),
  );

program
  .command("census")
  .description("count what there is of agents in a folder: bases, families, methods, orchestration")
  .argument("<dir...>", "the folder")
  .option("--json", "one JSON object")
  .option("--markdown", "a document")
  .option("--tests", "count the agents in test files too")
  .action(
    async (folders: string[], options: CensusOptions) =>
      void (exitCode = await censusCommand(folders, options, output)),
  );

program
  .command("migrate")
  .description("add adapters to BaseAgent beside classes, check them, or take them back")
  .argument("<target>", "a folder, or FILE#Class")
  .argument("[classes...]", "FILE#Class in that folder")
  .option("--all", "every agent class of the folder")
  .option("--from <file>", "the classes that a .jsonl file in the format of the index names, line by line")
  .option(
    "--rewrite",
    "make the named classes subclasses of BaseAgent, where nothing can tell the difference",
  )
  .option("--update", "bring the adapters of the named classes up to date with them")
  .option("--undo", "take migrations back: those of the named classes, or all of the folder")
  .option("--dry-run", "show the changes and write nothing")
  .option("--json", "one JSON object a class and line")
  .option("--report <file>", "write a report as Markdown")
  .option(
    "--verify",
    "ask the project's own TypeScript before and after; what brings new errors is rolled back",
  )
  .option("--commit", "commit each migration by itself")
  .option("--tests", "with --all: the agents in test files too")
  .option("--method <name>", "the method that takes tasks, where none is recognised")
  .addOption(
    new Option("--runtime <kind>", "what adapters import where package.json has no opsvi-agents").choices([
      "vendored",
      "package",
    ]),
  )
  .addOption(new Option("--placement <place>", "where adapters go").choices(["same-file", "sibling-file"]))
  .option("--update-runtime", "bring the vendored runtimes of the folder to this version")
  .addOption(new Option("--recover <how>", "what a crash interrupted").choices(["finish", "undo"]))
  .option("--workspace <dir>", "the workspace folder of FILE#Class")
  .action(
    async (target: string, classes: string[], options: MigrateOptions) =>
      void (exitCode = await migrateCommand(target, classes, options, output)),
  );

program
  .command("parity")
  .description("give tasks to a class and to its adapter, and show where what they do differs")
  .argument(
    "<agent>",
    "FILE#Class; where it is not migrated, the adapter that a migration would add is meant",
  )
  .option("--task <json>", "one task; without --task and --tasks those of the recorded runs are given")
  .option("--tasks <file>", "a .jsonl file, one task a line")
  .option("--args <json>", "the constructor's arguments, a JSON array")
  .option("--method <name>", "the method that takes tasks, where none is recognised")
  .option("--timeout <ms>", "stop each execution after so many milliseconds", wholeNumber(1))
  .option(...ENV_OPTION)
  .option("--json", "one JSON object a task")
  .option("--workspace <dir>", "the workspace folder")
  .addHelpText(
    "after",
    "\nThe agent is executed for real, up to three times a task: twice the class itself, once its adapter.\nExit codes: 0 no difference, 1 differences, 2 wrong use or input, 130 interrupted.",
  )
  .action(
    async (agent: string, options: ParityOptions) =>
      void (exitCode = await parityCommand(agent, options, output)),
  );

addTurnOptions(addRunOptions(program.command("run")))
  .description("run an agent with a task, in the background process that VS Code uses too")
  .argument("<agent>", "FILE#Class, or FILE#default for an anonymous default export")
  .option("--task <json>", "the task")
  .option(
    "--saved <name>",
    "in place of --task: the task of the agent that .proj-intel/tasks.json has by this name",
  )
  .option("--args <json>", "the constructor's arguments, a JSON array")
  .option("--json", 'the events of the run, one JSON object a line; the last one is "finished"')
  .option(...QUEUE_OPTION)
  .option(...QUEUE_NAME_OPTION)
  .option(...OTLP_OPTION)
  .option(...workspaceOption())
  .action(
    async (agent: string, options: RunCommandOptions) =>
      void (exitCode = await runCommand(agent, options, output)),
  );

addRunOptions(program.command("mcp"))
  .description(
    "offer the agents that .proj-intel/mcp.json names as tools, over standard input and output (MCP)",
  )
  .argument("[dir]", "the folder", ".")
  .action(
    async (dir: string, options: RunOptions) => void (exitCode = await mcpCommand(dir, options, output)),
  );

addTurnOptions(addRunOptions(program.command("batch")))
  .description("run a file of tasks, many at a time")
  .argument(
    "<file>",
    'a .jsonl file with {"agent": "FILE#Class", "task": …} a line, maybe "args", "priority" and "delayMs"; - is standard input',
  )
  .option("--agent <agent>", "FILE#Class that gets every line of the file as a task")
  .option("--args <json>", "with --agent: the constructor's arguments, a JSON array")
  .option(
    "--concurrency <n>",
    "how many run at a time (default: as many as there are processors)",
    wholeNumber(1),
  )
  .option(...AGENT_LIMIT_OPTION)
  .option(
    "--share-threads",
    "let runs follow each other in a thread: faster, but they find what their modules keep",
  )
  .option("--json", 'the events of all runs, one JSON object a line; the last one is "summary"')
  .option(...QUEUE_OPTION)
  .option(...QUEUE_NAME_OPTION)
  .option(...OTLP_OPTION)
  .option(...workspaceOption(", which FILE in the lines is relative to"))
  .action(
    async (file: string, options: BatchOptions) =>
      void (exitCode = await batchCommand(file, options, output)),
  );

addRunOptions(program.command("pipeline"))
  .description("run the agents of a pipeline, one after the other and in parallel")
  .argument("<file>", "a file whose name ends with .agents.json")
  .option("--input <json>", "what the pipeline works on, instead of the input in the file")
  .option("--resume <run>", "go on with a run of it: steps that succeeded are not run again")
  .option(
    "--concurrency <n>",
    "how many steps run at a time (default: as many as there are processors)",
    wholeNumber(1),
  )
  .option(...AGENT_LIMIT_OPTION)
  .option(
    "--json",
    'the events of the pipeline and of its steps, one JSON object a line; those of steps have a "step"',
  )
  .option(...QUEUE_OPTION)
  .option(...QUEUE_NAME_OPTION)
  .option(...OTLP_OPTION)
  .option(...workspaceOption(", which agents are relative to"))
  .action(
    async (file: string, options: PipelineOptions) =>
      void (exitCode = await pipelineCommand(file, options, output)),
  );

program
  .command("performance")
  .description("how fast and how reliable the runs of a folder were, and what would help")
  .argument(...FOLDER_ARGUMENT)
  .addOption(new Option("--since <span>", "how far back").choices(Span.options).default("week"))
  .option("--agent <agent>", "only the runs of this class: its name, its file, or FILE#Class")
  .option("--json", "one JSON object")
  .option("--csv", "agents, tools and slices of time, a line each")
  .action(
    async (dir: string | undefined, options: PerformanceOptions) =>
      void (exitCode = await performanceCommand(dir, options, output)),
  );

addQueueCommands(program, output, (code) => void (exitCode = code));
addRunsCommands(program, output, (code) => void (exitCode = code));
addToolsCommands(program, output, (code) => void (exitCode = code));
addCheckpointsCommands(program, output, (code) => void (exitCode = code));
addMemoryCommands(program, output, (code) => void (exitCode = code));
addPatternsCommands(program, output, (code) => void (exitCode = code));
addApproveCommand(program, output, (code) => void (exitCode = code));

/** What is wrong with the command's use or input is a sentence; the rest is our own fault, with its stack. */
function failure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    output.note(error.message);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.note(`This is a fault of opsvi-agents itself: ${text}`);
  return 70;
}

void program
  .parseAsync()
  .catch((error: unknown) => void (exitCode = failure(error)))
  // Not process.exit: a pipe may still hold output.
  .finally(() => void (process.exitCode = exitCode));
