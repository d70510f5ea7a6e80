import type { Command } from "commander";
import type { Output } from "../output.ts";
import { addGroupCommand } from "./groupCommand.ts";
import { addEditCommands } from "./editCommands.ts";
import { addExchangeCommands } from "./exchangeCommands.ts";
import { addListCommands } from "./listCommands.ts";

/** `patterns group | list | show | export | import | merge | split | …` */
export function addPatternsCommands(
  program: Command,
  output: Output,
  done: (exitCode: number) => void,
): void {
  const patterns = program
    .command("patterns")
    .description("errors that were seen, by what they have in common");
  addGroupCommand(patterns, output, done);
  addListCommands(patterns, output, done);
  addExchangeCommands(patterns, output, done);
  addEditCommands(patterns, output, done);
}
