import { dirname, join, relative, resolve } from "node:path";
import type { ProjectFacts } from "./facts.ts";
import { refusals } from "./refusals.ts";

/** The package's entry that needs neither Node nor a dependency: it bundles for browsers too. */
const packageSpecifier = "opsvi-agents/core";

export type RuntimeChoice = { specifier: string; vendored: boolean } | { refused: string };

/** What a migrated file imports the runtime from. `file` is absolute. */
export function chooseRuntime(root: string, file: string, project: ProjectFacts): RuntimeChoice {
  if (project.dependency) return { specifier: packageSpecifier, vendored: false };
  const core = join(project.vendored.folder, project.format === "esm" ? "core.mjs" : "core.cjs");
  const specifier = relativeSpecifier(dirname(file), core);
  const { emitted } = project;
  if (emitted !== null && resolve(dirname(emitted.path), specifier) !== resolve(core)) {
    return {
      refused: refusals.emitted(
        slashes(relative(root, emitted.config)),
        slashes(relative(root, file)),
        slashes(relative(root, emitted.path)),
      ),
    };
  }
  return { specifier, vendored: true };
}

function relativeSpecifier(from: string, to: string): string {
  const path = slashes(relative(from, to));
  return path.startsWith(".") ? path : `./${path}`;
}

export function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
