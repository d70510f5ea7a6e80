import type { MigrationPlan } from "../model/migrationPlan.ts";
import type { MigrationReport, ReportedClass } from "../model/migrationReport.ts";
import { commitEach, commitsOf } from "./commits.ts";
import type { Git } from "./git.ts";
import { logUnmigrated } from "./log.ts";
import { migrateMany, type MigrateMany } from "./migrateMany.ts";
import { plansOf } from "./planAll.ts";
import { reported, skipped, type Answer } from "./report.ts";

interface MigrateAnswers extends Omit<MigrateMany, "plans"> {
  answers: readonly Answer[];
  /** Where each migration is to be committed. */
  git: Git | null;
}

interface MigratedAnswers extends Pick<MigrationReport, "classes" | "check"> {
  /** What kept a migration from being committed; null where nothing did. */
  stopped: string | null;
}

/**
 * Writes what is planned, logs what is left as it is, commits. The caller holds the lock of the folder.
 * @throws UserError where files are no longer as they were planned for
 */
export async function migrateAnswers({ answers, git, ...request }: MigrateAnswers): Promise<MigratedAnswers> {
  const { root } = request;
  const plans = plansOf(answers);
  const { entries, check } = await migrateMany({ ...request, plans });
  const classes = new Map<MigrationPlan, ReportedClass>();
  entries.forEach((entry, index) => {
    const plan = plans[index];
    if (plan !== undefined) classes.set(plan, reported(entry));
  });
  const left = answers.filter(({ result }) => result.status === "refused" || result.status === "choice");
  await logUnmigrated(root, left.map(skipped));
  const stopped = git === null ? null : await commitEach(git, await commitsOf(root, entries));
  return {
    classes: answers.map((answer) =>
      answer.result.status === "ready"
        ? (classes.get(answer.result.plan) ?? skipped(answer))
        : skipped(answer),
    ),
    check,
    stopped,
  };
}
