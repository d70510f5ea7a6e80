import { join } from "node:path";
import type { MigrationEntry } from "../model/migrationPlan.ts";
import { textOf } from "./files.ts";
import { UserError } from "../model/userError.ts";
import type { Commit, Git } from "./git.ts";
import { logFile, parseLog } from "./log.ts";
import { classKey } from "./migratedClass.ts";
import { planUndo } from "./undo.ts";

/** One commit for each class that is migrated, in the order of the entries, from the files as they are now. */
export async function commitsOf(root: string, entries: readonly MigrationEntry[]): Promise<Commit[]> {
  const migrated = entries.filter(({ data }) => data.status === "migrated");
  const classes = migrated.map(({ data }) => data);
  const { plan, stages } = await planUndo({ root, classes });
  const log = await logTexts(root, migrated);
  const rewritten = new Set(classes.filter(({ action }) => action === "rewrite").map(classKey));
  const commits: Commit[] = [];
  // Undoing takes the newest out first: its stages are the commits, read backwards.
  for (const [index, { file_path, name, adapter }] of plan.undone.toReversed().entries()) {
    const files = new Map<string, string | null>();
    for (const { path, before } of stages.at(-1 - index) ?? []) files.set(path, before);
    // What serves all of them comes with the first.
    if (index === 0) for (const path of sharedPaths(root, migrated)) files.set(path, await textOf(path));
    files.set(logFile(root), log(index));
    const message = rewritten.has(classKey({ file_path, name }))
      ? `Rewrite ${name} as a BaseAgent\n\nIn ${file_path}.`
      : `Migrate ${name} to BaseAgent\n\n${adapter ?? "An adapter"} wraps it in ${file_path}.`;
    commits.push({ message, files });
  }
  return commits;
}

/** Makes commits until git refuses one. Answers with what it says then, and how far it came; null where all are made. */
export async function commitEach(git: Git, commits: readonly Commit[]): Promise<string | null> {
  for (const [index, commit] of commits.entries()) {
    try {
      await git.commit(commit);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const done = `${index} of ${commits.length} migrations are committed, the others are in the files`;
      return `${error.message}. ${done}: commit them, or undo the migrations.`;
    }
  }
  return null;
}

/** Created files, and package.json. */
function sharedPaths(root: string, entries: readonly MigrationEntry[]): string[] {
  const shared = entries.flatMap(({ undo }) =>
    undo.filter(({ path, created }) => created || /(?:^|\/)package\.json$/.test(path)),
  );
  return [...new Set(shared.map(({ path }) => join(root, path)))];
}

/** The log as it is after so many of the classes. */
async function logTexts(
  root: string,
  migrated: readonly MigrationEntry[],
): Promise<(index: number) => string> {
  const text = (await textOf(logFile(root))) ?? "";
  const lines = text.split(/(?<=\n)/);
  const ids = lines.map((line) => parseLog(line)[0]?.id);
  return (index) => {
    const later = new Set(migrated.slice(index + 1).map(({ id }) => id));
    return lines.filter((_line, at) => !later.has(ids[at] ?? "")).join("");
  };
}
