import { resolve } from "node:path";
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { importedText, importFile, sharedText } from "../../patterns/exchange.ts";
import type { Output } from "../output.ts";
import { workspaceOption } from "../workspace.ts";
import { withStore } from "./openStore.ts";

interface Options {
  json?: true;
  workspace?: string;
}

/** `patterns export | import` */
export function addExchangeCommands(
  patterns: Command,
  output: Output,
  done: (exitCode: number) => void,
): void {
  patterns
    .command("export")
    .description("write the patterns to a file that others can import; without a file, to standard output")
    .argument("[file]")
    .option(...workspaceOption())
    .action((file: string | undefined, { workspace }: Options) =>
      done(
        withStore(workspace, output, (store) => {
          const all = store.patterns();
          const text = sharedText(all);
          if (file === undefined) {
            output.line(text.trimEnd());
            return 0;
          }
          try {
            writeFileSync(resolve(file), text, { mode: 0o600 });
          } catch (error) {
            throw new UserError(`${file} cannot be written: ${(error as Error).message}`);
          }
          output.note(`${counted(all.length, "pattern")} written to ${file}.`);
          return 0;
        }),
      ),
    );
  patterns
    .command("import")
    .description("take in patterns of a file; a second time changes nothing")
    .argument("<file>", "error_patterns.json of another folder, or what patterns export wrote")
    .option("--json", 'one {"type":"import","data":{added, updated, unchanged, dropped}}')
    .option(...workspaceOption())
    .action((file: string, { json, workspace }: Options) =>
      done(
        withStore(workspace, output, (store) => {
          const imported = importFile(store, resolve(file));
          if (json) output.json({ type: "import", data: imported });
          else output.note(importedText(imported));
          return 0;
        }),
      ),
    );
}
