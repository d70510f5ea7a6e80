import { stepsOf } from "../../migration/steps.ts";
import { migratedEntry } from "../../migration/entry.ts";
import { differing, Git } from "../../migration/git.ts";
import { migrateAnswers } from "../../migration/migrateAnswers.ts";
import { installNotes } from "../../migration/packageManager.ts";
import { planAll, plansOf } from "../../migration/planAll.ts";
import { newReport, reported, skipped, type Answer } from "../../migration/report.ts";
import type { PlanResult } from "../../model/migrationPlan.ts";
import type { MigrationReport } from "../../model/migrationReport.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import type { TypeCheckClient } from "../../typeCheck/client.ts";
import { openIndexer } from "../openIndexer.ts";
import type { Output } from "../output.ts";
import { openTypeChecker } from "../typeChecker.ts";
import { printDiff } from "./diff.ts";
import type { MigrateOptions } from "./options.ts";
import { planOptionsOf } from "./planOptions.ts";
import { finish } from "./results.ts";
import { todoOf, type Wanted } from "./todo.ts";

interface Request {
  /** Absolute path of the workspace folder. */
  root: string;
  wanted: Wanted;
  options: MigrateOptions;
  output: Output;
  signal: AbortSignal;
}

/** Plans, verifies, writes, commits and reports. Answers with the exit code. */
export async function migrateClasses(request: Request): Promise<number> {
  const checker = request.options.verify ? openTypeChecker(request.root) : undefined;
  try {
    return await migrateWith(checker, request);
  } finally {
    checker?.dispose();
  }
}

async function migrateWith(checker: TypeCheckClient | undefined, request: Request): Promise<number> {
  const { root, wanted, options, output, signal } = request;
  const report = newReport(root, options.dryRun === true);
  const git = new Git(root, signal);
  await lookAtGit(git, options, report);
  const answers = await planTodo(checker, request);
  const plans = plansOf(answers);
  const [only] = answers;
  if ("classes" in wanted && answers.length === 1 && only !== undefined) refuseWrongInput(only.result);

  const choices = answers.filter(({ result }) => result.status === "choice").length;
  if (choices > 0) {
    report.notes.push(
      `${counted(choices, "class waits", "classes wait")} for a choice of method: give one class with --method, or name the method of a class and all that extend it in .proj-intel/adapters.json.`,
    );
  }
  if (options.dryRun) {
    if (!options.json) printDiff(root, stepsOf(plans), output);
    report.classes = answers.map((answer) =>
      answer.result.status === "ready" ? reported(migratedEntry(root, answer.result.plan)) : skipped(answer),
    );
    return finish(report, options, output);
  }
  report.notes.push(...(await installNotes(plans, options.verify === true)));
  const { stopped, ...done } = await migrateAnswers({
    root,
    answers,
    checker,
    git: options.commit ? git : null,
    signal,
  });
  if (stopped !== null) report.notes.push(stopped);
  const code = finish({ ...report, ...done }, options, output);
  return stopped === null ? code : 2;
}

async function planTodo(
  checker: TypeCheckClient | undefined,
  { root, wanted, options, output, signal }: Request,
): Promise<Answer[]> {
  const indexer = await openIndexer(root, output);
  try {
    const todo = todoOf(root, wanted, await indexer.index(root, { signal }), options);
    const planOptions = planOptionsOf(root, options, output);
    const requests = todo.flatMap((each) => ("request" in each ? [each.request] : []));
    checker?.prepare(
      requests.map(({ file }) => file),
      signal,
    );
    const planned = await planAll({
      requests,
      plan: (some) => indexer.planMigrations(root, some, planOptions),
      signal,
    });
    const results = new Map(planned.map(({ request, result }) => [request, result]));
    return todo.map((each) => {
      const result = "request" in each ? results.get(each.request) : undefined;
      const { file_path, name } = each;
      return {
        ...{ file_path, name },
        result: result ?? { status: "refused", reason: "skipped" in each ? each.skipped : "" },
      };
    });
  } finally {
    await indexer.dispose();
  }
}

async function lookAtGit(
  git: Git,
  { dryRun, commit }: MigrateOptions,
  report: MigrationReport,
): Promise<void> {
  if (dryRun) return;
  const changed = await git.changedPaths();
  if (changed === null) {
    if (commit) throw new UserError("--commit needs a git repository, and git on the PATH: leave it out.");
    return;
  }
  if (changed.length === 0) return;
  const sentence = differing(changed);
  if (commit) {
    throw new UserError(`${sentence}: commit or stash that first, so that each commit holds one migration.`);
  }
  report.notes.push(`${sentence}: the migration stands among these changes.`);
}

/** One class that was named by hand and cannot be migrated is wrong input; one that is migrated already is not. */
function refuseWrongInput(result: PlanResult): void {
  if (result.status === "refused") throw new UserError(result.reason);
  if (result.status === "choice") {
    throw new UserError(`${result.reason} Name it with --method: ${result.methods.join(", ")}.`);
  }
}
