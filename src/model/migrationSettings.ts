import type { PlanOptions } from "./migrationPlan.ts";

/** The settings' names, in VS Code and in `.vscode/settings.json`. */
export const migrationSettingIds = {
  placement: "opsviAgents.migration.placement",
  runtime: "opsviAgents.migration.runtime",
  verify: "opsviAgents.migration.verify",
  commit: "opsviAgents.migration.commit",
} as const;

const known = {
  placement: ["same-file", "sibling-file"],
  runtime: ["vendored", "package"],
} as const;

export type MigrationSettings = Partial<Pick<PlanOptions, "placement" | "runtime">>;

/** What a team has settled; what cannot be used is left out, and a sentence says so. */
export function readMigrationSettings(get: (id: string) => unknown): {
  settings: MigrationSettings;
  problems: string[];
} {
  const problems: string[] = [];
  const settings: MigrationSettings = {};
  const read = <T extends string>(id: string, values: readonly T[]): T | undefined => {
    const value = get(id);
    const found = values.find((each) => each === value);
    if (found === undefined && value !== undefined && value !== null && value !== "ask") {
      problems.push(`${id} takes ${values.map((each) => `"${each}"`).join(" or ")}; it was left out.`);
    }
    return found;
  };
  const placement = read(migrationSettingIds.placement, known.placement);
  const runtime = read(migrationSettingIds.runtime, known.runtime);
  if (placement !== undefined) settings.placement = placement;
  if (runtime !== undefined) settings.runtime = runtime;
  return { settings, problems };
}
