import { dirname, join, relative, resolve } from "node:path";
import type { ClassFacts, ImportExtension, ProjectFacts, VendoredFolder } from "./facts.ts";
import { packageName } from "./packageName.ts";
import { refusals } from "./refusals.ts";
import type { VendoredForm } from "./vendored.ts";

/** The package's entry that needs neither Node nor a dependency: it bundles for browsers too. */
const packageSpecifier = `${packageName}/core`;

export interface RuntimeChoice {
  specifier: string;
  /** What the specifier leads to; null where that is the package. */
  vendored: { form: VendoredForm; place: VendoredFolder } | null;
}

/** What a migrated file imports the runtime from. `file` is absolute. */
export function chooseRuntime(
  root: string,
  file: string,
  { importExtension }: Pick<ClassFacts, "importExtension">,
  project: ProjectFacts,
): RuntimeChoice | { refused: string } {
  if (project.dependency) return { specifier: packageSpecifier, vendored: null };
  const { bundle, source, format } = project;
  const core = join(bundle.folder, format === "esm" ? "core.mjs" : "core.cjs");
  const specifier = relativeSpecifier(dirname(file), core);
  const { emitted } = project;
  if (emitted === null || resolve(dirname(emitted.path), specifier) === resolve(core)) {
    return { specifier, vendored: { form: "bundle", place: bundle } };
  }
  if (source !== null) {
    const path = relativeSpecifier(dirname(file), join(source.folder, "core"));
    const extension = sourceExtension(file, importExtension, format === "esm" && project.typeModule);
    return { specifier: path + extension, vendored: { form: "source", place: source } };
  }
  return {
    refused: refusals.emitted(
      slashes(relative(root, emitted.config)),
      slashes(relative(root, file)),
      slashes(relative(root, emitted.path)),
    ),
  };
}

/** How the import of a TypeScript file has to end. */
function sourceExtension(
  file: string,
  own: ClassFacts["importExtension"],
  isModule: boolean,
): ImportExtension {
  if (/\.mts$/i.test(file)) return own === ".ts" ? ".ts" : ".js";
  return own ?? (isModule ? ".js" : "");
}

function relativeSpecifier(from: string, to: string): string {
  const path = slashes(relative(from, to));
  return path.startsWith(".") ? path : `./${path}`;
}

export function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
