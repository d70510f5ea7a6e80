import { basename, dirname } from "node:path";
import { stepsOf } from "../../../migration/steps.ts";
import type { FileStep } from "../../../migration/files.ts";
import { groupBy } from "../../../migration/names.ts";
import { planAll, plansOf, type PlanAll } from "../../../migration/planAll.ts";
import type { Answer } from "../../../migration/report.ts";
import { markerFile } from "../../../migration/vendored.ts";
import type { MigrationPlan, PlanOptions, PlanRequest, PlanResult } from "../../../model/migrationPlan.ts";

/** A class that may be migrated together with others. */
export interface PreparedClass {
  /** Relative to the workspace folder, forward slashes. */
  file_path: string;
  name: string;
  line: number;
  request: PlanRequest;
  result: PlanResult;
  /** Counts only where it is ready. */
  checked: boolean;
}

export type WantedClass = Pick<PreparedClass, "file_path" | "name" | "line" | "request"> & {
  /** Why nothing is planned for it; null where it is. */
  left: string | null;
};

export interface FolderOptions extends PlanOptions {
  verify: boolean;
  commit: boolean;
}

type Plan = (requests: PlanRequest[], options: PlanOptions) => Promise<PlanResult[]>;
type Watch = Pick<PlanAll, "signal" | "onProgress">;

/** The classes of one workspace folder while users choose among them. What is checked is planned, and nothing else. */
export class PreparedFolder {
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  readonly options: FolderOptions;
  classes: PreparedClass[] = [];
  readonly #plan: Plan;
  /** What migrating the checked classes of a file changes, by that file. */
  readonly #steps = new Map<string, FileStep[]>();
  /** What several files need: the runtime, or its line in a package.json. */
  #shared: FileStep[] = [];

  constructor(root: string, name: string, options: FolderOptions, plan: Plan) {
    this.root = root;
    this.name = name;
    this.options = options;
    this.#plan = plan;
  }

  get chosen(): PreparedClass[] {
    return this.classes.filter(({ checked, result }) => checked && result.status === "ready");
  }

  get plans(): MigrationPlan[] {
    return plansOf(this.chosen);
  }

  get shared(): readonly FileStep[] {
    return this.chosen.length > 0 ? this.#shared : [];
  }

  /** The changed files in the order of the classes, those that several need last. */
  get steps(): FileStep[] {
    return [...this.#own, ...this.shared];
  }

  get #own(): FileStep[] {
    const files = new Set(this.classes.map(({ request }) => request.file));
    return [...files].flatMap((file) => this.#steps.get(file) ?? []);
  }

  /** Of the file that is to hold the adapter of a class, or, where it is unchecked, of the others in its file. */
  stepOf({ request, result }: PreparedClass): FileStep | undefined {
    const steps = this.#steps.get(request.file) ?? [];
    const path = result.status === "ready" ? result.plan.changes[0]?.path : undefined;
    return steps.find((step) => step.path === path);
  }

  async prepare(wanted: readonly WantedClass[], watch: Watch = {}): Promise<void> {
    const planned = await this.#planAll(
      wanted.flatMap(({ left, request }) => (left === null ? [request] : [])),
      watch,
    );
    this.classes = wanted.map(({ left, ...each }) => {
      const result = planned.get(each.request);
      return { ...each, result: result ?? { status: "refused", reason: left ?? "" }, checked: true };
    });
  }

  /** Checks classes or leaves them out; the plans of their files are made anew. */
  async check(classes: readonly PreparedClass[], checked: boolean): Promise<void> {
    for (const each of classes) each.checked = checked;
    for (const file of new Set(classes.map(({ request }) => request.file))) await this.#replan(file);
  }

  /** Names the method that takes tasks. */
  async choose(chosen: PreparedClass, method: string): Promise<void> {
    chosen.request = { ...chosen.request, method };
    const [result] = await this.#plan([chosen.request], this.options);
    if (result !== undefined) chosen.result = result;
    await this.check([chosen], true);
  }

  /**
   * Plans all that is checked in one go, as it is to be written.
   * @returns every class with its plan or why it is left, and whether that is what was shown until now
   */
  async settle(watch: Watch = {}): Promise<{ answers: Answer[]; same: boolean }> {
    const before = this.#picture();
    const { chosen } = this;
    const planned = await this.#planAll(
      chosen.map(({ request }) => request),
      watch,
    );
    for (const each of chosen) each.result = planned.get(each.request) ?? each.result;
    const answers = this.classes.map((each): Answer => {
      const { file_path, name, result } = each;
      const left = result.status === "ready" && !chosen.includes(each);
      return { file_path, name, result: left ? { status: "refused", reason: unchecked } : result };
    });
    return { answers, same: before === this.#picture() };
  }

  async #planAll(requests: readonly PlanRequest[], watch: Watch): Promise<Map<PlanRequest, PlanResult>> {
    const plan = (some: PlanRequest[]) => this.#plan(some, this.options);
    const planned = await planAll({ ...watch, requests, plan });
    this.#steps.clear();
    for (const [file, those] of groupBy(planned, ({ request }) => request.file)) {
      this.#show(file, plansOf(those));
    }
    const plans = plansOf(planned);
    this.#shared = stepsOf(plans).filter(({ path }) => isShared(path, plans));
    return new Map(planned.map(({ request, result }) => [request, result]));
  }

  async #replan(file: string): Promise<void> {
    const chosen = this.chosen.filter(({ request }) => request.file === file);
    const results = await this.#plan(
      chosen.map(({ request }) => request),
      this.options,
    );
    chosen.forEach((each, index) => (each.result = results[index] ?? each.result));
    const plans = plansOf(chosen);
    this.#show(file, plans);
    const known = new Set(this.#shared.map(({ path }) => path));
    const further = stepsOf(plans).filter(({ path }) => isShared(path, plans) && !known.has(path));
    this.#shared = [...this.#shared, ...further];
  }

  #show(file: string, plans: readonly MigrationPlan[]): void {
    const steps = stepsOf(plans).filter(({ path }) => !isShared(path, plans));
    if (steps.length > 0) this.#steps.set(file, steps);
    else this.#steps.delete(file);
  }

  #picture(): string {
    return JSON.stringify(this.#own.map(({ path, before, after }) => [path, before, after]));
  }
}

const unchecked = "It was left unchecked.";

/** Belongs to the runtime. */
function isShared(path: string, plans: readonly MigrationPlan[]): boolean {
  if (basename(path) === "package.json") return true;
  return plans.some(({ changes }) =>
    changes.some((change) => basename(change.path) === markerFile && dirname(change.path) === dirname(path)),
  );
}

/** Whether plans copy the runtime into the folder. */
export function bringsRuntime(steps: readonly FileStep[]): boolean {
  return steps.some(({ path, before }) => before === null && basename(path) === markerFile);
}
