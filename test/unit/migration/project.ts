import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { planMigration } from "../../../src/indexer/planning/planner.ts";
import { Surroundings } from "../../../src/indexer/planning/surroundings.ts";
import { applyPlan } from "./applyPlan.ts";
import { coreFiles } from "../../../src/migration/vendored.ts";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import {
  defaultPlanOptions,
  type MigrationPlan,
  type PlanOptions,
  type PlanResult,
} from "../../../src/model/migrationPlan.ts";

export const repository = join(import.meta.dirname, "../../..");
export const coreDir = join(repository, "dist/core");

/** The vendored runtime is the built one. */
export function buildCore(): void {
  if (coreFiles.every((name) => existsSync(join(coreDir, name)))) return;
  execFileSync(process.execPath, ["scripts/build.ts", "coreEsm", "coreCjs", "declarations"], {
    cwd: repository,
    stdio: "inherit",
  });
}

/** A project on disk, removed when disposed. */
export class Project implements Disposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "migration-")));

  readonly #placement: PlanOptions["placement"];

  constructor(files: Record<string, string>, placement: PlanOptions["placement"] = "same-file") {
    this.#placement = placement;
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  path(path: string): string {
    return join(this.root, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  /** Every file with its text, but for our own folder and those to leave out. */
  tree(without: readonly string[] = []): Record<string, string> {
    const isLeftOut = (path: string) =>
      [".proj-intel", ...without].some((folder) => path === folder || path.startsWith(`${folder}/`));
    return Object.fromEntries(
      readdirSync(this.root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(this.root, join(entry.parentPath, entry.name)))
        .filter((path) => !isLeftOut(path))
        .map((path) => [path, this.read(path)]),
    );
  }

  plan(
    file: string,
    name: string,
    record?: AgentRecord,
    options: Partial<PlanOptions> = {},
    method?: string,
  ): Promise<PlanResult> {
    const readText = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : null);
    return planMigration({
      file: this.path(file),
      name,
      method,
      options: { ...defaultPlanOptions, placement: this.#placement, ...options },
      surroundings: new Surroundings(this.root, readText, { coreDir, version: "0.1.0" }),
      record,
    });
  }

  async ready(
    file: string,
    name: string,
    record?: AgentRecord,
    options?: Partial<PlanOptions>,
  ): Promise<MigrationPlan> {
    const result = await this.plan(file, name, record, options);
    if (result.status !== "ready") throw new Error(`${file}#${name} is ${result.status}: ${result.reason}`);
    return result.plan;
  }

  async reason(file: string, name: string, record?: AgentRecord): Promise<string> {
    const result = await this.plan(file, name, record);
    if (result.status === "ready") throw new Error(`${file}#${name} was not refused.`);
    return result.reason;
  }

  async migrate(
    file: string,
    name: string,
    options?: Partial<PlanOptions>,
    record?: AgentRecord,
  ): Promise<MigrationPlan> {
    const plan = await this.ready(file, name, record, options);
    await applyPlan(this.root, plan);
    return plan;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A text without what a plan inserted into it. */
export function withoutInsertions({ changes: [change] }: MigrationPlan, after: string): string {
  let text = after;
  for (const { start, end, text: inserted } of change?.edits.toSorted((a, b) => a.start - b.start) ?? []) {
    if (start !== end) throw new Error("The plan replaces text of the legacy file.");
    text = text.slice(0, start) + text.slice(start + inserted.length);
  }
  return text;
}
