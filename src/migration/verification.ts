import { join } from "node:path";
import type { FileChange, MigrationPlan } from "../model/migrationPlan.ts";
import type { TypeChecker, TypeCheckReport, TypeProblem } from "../model/typeCheck.ts";
import { culprits } from "./culprits.ts";
import { undoneEntries } from "./entry.ts";
import { forgetPending, whileWritten } from "./journal.ts";
import { classKey, type MigratedClass } from "./migratedClass.ts";
import { newProblems, type NewProblem } from "./newProblems.ts";
import { inverse } from "./textEdits.ts";
import { stepsOfChanges } from "./steps.ts";
import { planUndo } from "./undo.ts";

interface Options {
  root: string;
  plans: readonly MigrationPlan[];
  checker: TypeChecker;
  signal?: AbortSignal | undefined;
}

/** Asks the project's compiler before and after plans are carried out, and finds the classes that bring new errors. */
export class Verification {
  readonly #options: Options;
  readonly #files: string[];
  readonly #before: TypeCheckReport;
  #after: TypeCheckReport;

  private constructor(options: Options, files: string[], before: TypeCheckReport) {
    this.#options = options;
    this.#files = files;
    this.#before = before;
    this.#after = before;
  }

  /** Before anything is written. */
  static async start(options: Options): Promise<Verification> {
    const { root, plans, checker, signal } = options;
    const classes = plans.map(({ file_path }) => join(root, file_path));
    const adapters = plans.flatMap(({ changes }) => changes.slice(0, 1));
    // An adapter's own file may be new: what its project said before is asked for by the file of the class.
    const standing = adapters.filter(({ before }) => before !== null);
    const before = await checker.check([...new Set([...classes, ...pathsOf(standing)])], signal);
    return new Verification(options, [...new Set([...classes, ...pathsOf(adapters)])], before);
  }

  /** The classes that have to go, with the reason; none where nothing is new. `standing` are those that are in the files now. */
  async failures(standing: readonly MigratedClass[]): Promise<Map<string, string>> {
    const { failures, first } = await this.#trace(standing);
    if (first === null || failures.size > 0) return failures;
    await forgetPending(this.#options.root);
    const found = await culprits(standing, (some) => this.#isBroken(some, standing));
    return new Map(found.map((each) => [classKey(each), brings(first)]));
  }

  /** As `failures`, but all of the classes where what is new does not say which it comes from. */
  async traced(standing: readonly MigratedClass[]): Promise<Map<string, string>> {
    const { failures, first } = await this.#trace(standing);
    if (first === null || failures.size > 0) return failures;
    return new Map(standing.map((each) => [classKey(each), brings(first)]));
  }

  async #trace(standing: readonly MigratedClass[]) {
    const [problems, after] = await this.#problems(standing);
    this.#after = after;
    const failures = new Map<string, string>();
    for (const { problem, plans } of problems) {
      for (const plan of plans)
        if (!failures.has(classKey(plan))) failures.set(classKey(plan), brings(problem));
    }
    const first = standing.length === 0 ? null : (problems[0]?.problem ?? null);
    return { failures, first };
  }

  /** Numbers of errors by project, and what no project knows. */
  result() {
    const earlier = new Map(this.#before.projects.map(({ config, problems }) => [config, problems.length]));
    const projects = this.#after.projects.map(({ config, compiler, problems }) => {
      return { config, compiler, before: earlier.get(config) ?? 0, after: problems.length };
    });
    return { projects, unchecked: this.#after.unchecked };
  }

  async #problems(standing: readonly MigratedClass[]): Promise<[NewProblem[], TypeCheckReport]> {
    const { root, plans, checker, signal } = this.#options;
    const after = await checker.check(this.#files, signal);
    const now = standing.length === plans.length ? plans : await standingPlans(root, plans, standing);
    return [newProblems({ root, before: this.#before, after, plans: now }), after];
  }

  /** Whether there are new problems while some of the standing classes are in the files and the others are not. */
  async #isBroken(some: readonly MigratedClass[], standing: readonly MigratedClass[]): Promise<boolean> {
    const others = standing.filter((each) => !some.includes(each));
    const { root } = this.#options;
    const { plan } = await planUndo({ root, classes: others });
    return whileWritten(root, stepsOfChanges(plan), undoneEntries(plan), async () => {
      const [problems] = await this.#problems(some);
      return problems.length > 0;
    });
  }
}

/** The plans that would lead to the files as they are, after some of those that were carried out were taken back. */
async function standingPlans(
  root: string,
  plans: readonly MigrationPlan[],
  standing: readonly MigratedClass[],
): Promise<MigrationPlan[]> {
  const { plan, stages } = await planUndo({ root, classes: standing });
  const changes = new Map(plan.undone.map((each, index) => [classKey(each), stages[index] ?? []]));
  return plans.flatMap((each) => {
    const taken = changes.get(classKey(each));
    if (taken === undefined) return [];
    const created = each.changes.filter(({ before }) => before === null);
    return { ...each, changes: [...taken.map(inverse), ...created] };
  });
}

const pathsOf = (changes: readonly FileChange[]): string[] => changes.map(({ path }) => path);

const brings = (problem: TypeProblem): string => `It brings a new type error: ${problemText(problem)}`;

/** "src/a.ts:12 TS2345: …" */
function problemText({ path, line, code, message }: TypeProblem): string {
  const place = path === null ? "" : `${path}:${line} `;
  return `${place}TS${code}: ${message.split("\n")[0] ?? ""}`;
}
