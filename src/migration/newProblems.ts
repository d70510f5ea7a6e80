import { relative } from "node:path";
import type { MigrationPlan } from "../model/migrationPlan.ts";
import type { CheckedProject, TypeCheckReport, TypeProblem } from "../model/typeCheck.ts";
import { groupBy } from "./names.ts";
import { PositionsBack, type Inserted } from "./positionsBack.ts";
import { slashes } from "./runtimeImport.ts";

export interface NewProblem {
  problem: TypeProblem;
  /** The migrations that it comes from; empty where that cannot be told from where it is and what it says. */
  plans: MigrationPlan[];
}

interface Comparison {
  /** Absolute path of the workspace folder. */
  root: string;
  before: TypeCheckReport;
  after: TypeCheckReport;
  /** What was carried out in between, in that order. */
  plans: readonly MigrationPlan[];
}

/**
 * The problems that are there since the migrations. One is the same as before if it is of the same kind at the same
 * place, seen without the inserted text; what is within that text is new.
 */
export function newProblems({ root, before, after, plans }: Comparison): NewProblem[] {
  const files = new ChangedFiles(root, plans);
  const known = new Map(before.projects.map((project) => [project.config, project.problems]));
  return after.projects.flatMap((project) => compare(project, known.get(project.config) ?? null, files));
}

/** @param before null where the project was not checked before: then only what is within inserted text counts */
function compare(
  { problems }: CheckedProject,
  before: readonly TypeProblem[] | null,
  files: ChangedFiles,
): NewProblem[] {
  const known = new Bag(before ?? [], keyOf);
  const inserted: { problem: TypeProblem; where: Inserted }[] = [];
  const found: NewProblem[] = [];
  for (const problem of problems) {
    const place = files.placeBefore(problem);
    if ("edit" in place) inserted.push({ problem, where: place });
    else if (!known.take({ ...problem, ...place }) && before !== null) {
      found.push({ problem, plans: files.causes(problem) });
    }
  }
  // Text that replaces other text may have the problems of that.
  const left = new Bag(known.rest(), textOf);
  for (const { problem, where } of inserted) {
    const replaced = where.edit.end > where.edit.start && left.take(problem);
    if (!replaced)
      found.push({ problem: asRepeated(problem, where, before ?? []), plans: files.owners(where) });
  }
  return found;
}

/** An adapter repeats the type parameters of its class, and with them what the project does not find: then that is said. */
function asRepeated(problem: TypeProblem, { plan }: Inserted, before: readonly TypeProblem[]): TypeProblem {
  if (kindOf(problem.code) !== "unknown name" && !unknownModules.includes(problem.code)) return problem;
  const said = textOf({ ...problem, path: plan.file_path });
  const known = before.find((each) => textOf(each) === said);
  if (known === undefined) return problem;
  const [first = ""] = problem.message.split("\n");
  const why = `line ${known.line} of the class's file has the same error, are the project's packages installed?`;
  return { ...problem, message: `${first.replace(/\.$/, "")} (${why})` };
}

class ChangedFiles {
  readonly #plans: readonly MigrationPlan[];
  readonly #byPath = new Map<string, { plans: MigrationPlan[]; positions: PositionsBack }>();

  constructor(root: string, plans: readonly MigrationPlan[]) {
    this.#plans = plans;
    const steps = plans.flatMap((plan) => plan.changes.map((change) => ({ plan, change })));
    for (const [path, ofFile] of groupBy(steps, ({ change }) => slashes(relative(root, change.path)))) {
      const owners = [...new Set(ofFile.map(({ plan }) => plan))];
      this.#byPath.set(path, { plans: owners, positions: new PositionsBack(ofFile) });
    }
  }

  placeBefore({ path, line, character }: TypeProblem): Inserted | { line: number; character: number } {
    const file = path === null ? undefined : this.#byPath.get(path);
    return file?.positions.of({ line, character }) ?? { line, character };
  }

  /** Whose text it is. */
  owners({ plan, change, edit }: Inserted): MigrationPlan[] {
    if (edit.shared === true)
      return this.#plans.filter(({ changes }) => changes.some(({ path }) => path === change.path));
    // A runtime that is copied into the project comes with the first migration and serves all.
    return change.before === null && change !== plan.changes[0] ? [] : [plan];
  }

  /** What a problem outside all inserted text comes from. */
  causes({ path, message }: TypeProblem): MigrationPlan[] {
    const [only, ...others] = path === null ? [] : (this.#byPath.get(path)?.plans ?? []);
    if (only !== undefined && others.length === 0) return [only];
    const named = this.#plans.filter(({ adapter }) => mentions(message, adapter));
    return named.length === 1 ? named : [];
  }
}

function mentions(message: string, name: string): boolean {
  return message.split(/[^\p{ID_Continue}$]+/u).includes(name);
}

/** Counts: the second of two equal problems is taken by a second one only. */
class Bag {
  readonly #key: (problem: TypeProblem) => string;
  readonly #problems: Map<string, TypeProblem[]>;

  constructor(problems: readonly TypeProblem[], key: (problem: TypeProblem) => string) {
    this.#key = key;
    this.#problems = groupBy(problems, key);
  }

  take(problem: TypeProblem): boolean {
    return this.#problems.get(this.#key(problem))?.pop() !== undefined;
  }

  rest(): TypeProblem[] {
    return [...this.#problems.values()].flat();
  }
}

function keyOf({ path, line, character, code, message }: TypeProblem): string {
  return JSON.stringify(path === null ? [code, message] : [path, kindOf(code), line, character]);
}

/**
 * "Cannot find name", with and without the name that was perhaps meant: compilers suggest one for the first ten only, and
 * which ones these are depends on the order of the files.
 */
const unknownNames = [
  2304, 2311, 2503, 2552, 2570, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2833, 2867, 2868, 18004,
];
const kindOf = (code: number): number | "unknown name" =>
  unknownNames.includes(code) ? "unknown name" : code;

/** "Cannot find module", "Could not find a declaration file for module". */
const unknownModules = [2307, 2792, 7016];

function textOf({ path, code, message }: TypeProblem): string {
  return JSON.stringify([path, code, message]);
}
