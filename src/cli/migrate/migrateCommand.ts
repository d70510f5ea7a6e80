import { withMigrationLock } from "../../migration/migrationLock.ts";
import { readPending } from "../../migration/recovery.ts";
import { UserError } from "../../model/userError.ts";
import { onInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { linesOf } from "./fromFile.ts";
import { migrateClasses } from "./migrateClasses.ts";
import { checkOptions, type MigrateOptions } from "./options.ts";
import { recover } from "./recover.ts";
import { findTargets, type MigrateTargets } from "./targets.ts";
import type { Wanted } from "./todo.ts";
import { undoClasses } from "./undoClasses.ts";
import { updateRuntime } from "./updateRuntime.ts";

export async function migrateCommand(
  target: string,
  further: readonly string[],
  options: MigrateOptions,
  output: Output,
): Promise<number> {
  checkOptions(options);
  const targets = findTargets(target, further, options.workspace);
  const { root } = targets;
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort(new UserError("The migration was stopped: nothing of it stays."));
  const interrupt = onInterrupt(stop, "Stopping.", output);
  try {
    const act = () => perform(targets, options, output, signal);
    return await (options.dryRun ? act() : withMigrationLock(root, act));
  } catch (error) {
    if (interrupt.code === null) throw error;
    output.note(error instanceof Error ? error.message : String(error));
    return interrupt.code;
  } finally {
    interrupt.dispose();
  }
}

async function perform(
  { root, classes }: MigrateTargets,
  options: MigrateOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  if (options.recover !== undefined) return recover(root, options.recover, output);
  if (!options.dryRun && (await readPending(root)) !== null) {
    throw new UserError(
      `An earlier migration of ${root} was interrupted. Finish it with --recover finish, or take it back with --recover undo.`,
    );
  }
  if (options.undo) return undoClasses(root, classes ?? undefined, options, output);
  if (options.updateRuntime) return updateRuntime(root, options, output);
  const wanted = wantedOf(root, classes, options, output);
  return migrateClasses({ root, wanted, options, output, signal });
}

function wantedOf(
  root: string,
  classes: MigrateTargets["classes"],
  { all, from }: MigrateOptions,
  output: Output,
): Wanted {
  if (classes !== null) {
    if (all || from !== undefined) {
      throw new UserError(
        `${all ? "--all" : "--from"} is for a folder: leave the classes out, or the option.`,
      );
    }
    return { classes };
  }
  if (all) return { all };
  if (from !== undefined) return { lines: linesOf(root, from, output) };
  throw new UserError(
    `What is to be migrated in ${root}? Name classes (FILE#Class), or give --all, or --from with a file of classes.`,
  );
}
