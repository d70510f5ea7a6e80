import type { Command } from "commander";
import type { Output } from "../output.ts";
import { addGroupCommand } from "./groupCommand.ts";

/** `patterns group` */
export function addPatternsCommands(
  program: Command,
  output: Output,
  done: (exitCode: number) => void,
): void {
  const patterns = program
    .command("patterns")
    .description("errors that were seen, by what they have in common");
  addGroupCommand(patterns, output, done);
}
