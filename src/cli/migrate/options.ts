import type { PlanOptions } from "../../model/migrationPlan.ts";
import { UserError } from "../../model/userError.ts";

/** As the command line is typed. */
export interface MigrateOptions {
  all?: true;
  from?: string;
  update?: true;
  rewrite?: true;
  undo?: true;
  recover?: "finish" | "undo";
  updateRuntime?: true;
  dryRun?: true;
  json?: true;
  report?: string;
  verify?: true;
  commit?: true;
  tests?: true;
  runtime?: PlanOptions["runtime"];
  placement?: PlanOptions["placement"];
  method?: string;
  workspace?: string;
}

/** Options that exclude each other, or that mean nothing for what is done. */
export function checkOptions(options: MigrateOptions): void {
  const doings = (["all", "from", "update", "rewrite", "undo", "recover", "updateRuntime"] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (doings.length > 1)
    throw new UserError(`${doings.map(flag).join(" and ")} exclude each other: give one of them.`);
  const [doing] = doings;
  const migrates = doing === undefined || !["undo", "recover", "updateRuntime"].includes(doing);
  for (const name of ["verify", "commit", "runtime", "placement", "method", "tests"] as const) {
    if (options[name] === undefined) continue;
    if (!migrates)
      throw new UserError(`${flag(name)} is for migrating: it means nothing with ${flag(doing)}.`);
    if (options.update && name === "commit") {
      throw new UserError("--commit is for new migrations: commit updates yourself.");
    }
    if (options.dryRun && (name === "verify" || name === "commit")) {
      throw new UserError(`${flag(name)} needs the changes to be written: leave --dry-run out.`);
    }
  }
  if (options.method !== undefined && doing !== undefined) {
    throw new UserError(`--method is for one class: it means nothing with ${flag(doing)}.`);
  }
}

const flag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
