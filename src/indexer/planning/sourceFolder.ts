import { join, resolve } from "node:path";
import type { VendoredFolder } from "../../migration/facts.ts";
import { isWithin, type PackageFacts } from "../../migration/packageFacts.ts";
import type { ConfigFacts } from "./compilerConfigs.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Where the runtime goes as TypeScript, to be written along with the file that imports it; null where the compiler
 * would not write it, or not as a module that the file's output can load.
 */
export async function sourceFolder(
  surroundings: Surroundings,
  file: string,
  { home, typeModule }: PackageFacts,
  config: ConfigFacts,
): Promise<VendoredFolder | null> {
  const { output } = config;
  if (output === null || !/\.(?:tsx?|[cm]ts)$/i.test(file)) return null;
  const parent = contains(output.base, home) ? home : output.base;
  const place = await surroundings.vendoredFolder(parent, "source");
  if (output.folders?.some((folder) => contains(folder, place.folder)) === false) return null;
  const core = await surroundings.packageOf(join(place.folder, "core.ts"));
  return isLoadable(file, config, { own: typeModule, core: core.typeModule }) ? place : null;
}

/** Whether a file's output can load that of a core; each package.json says whether its code is ES modules. */
function isLoadable(
  file: string,
  { module, verbatim }: ConfigFacts,
  typeModule: { own: boolean; core: boolean },
): boolean {
  const [, format] = /\.([cm])ts$/i.exec(file) ?? [];
  if (format === undefined) return module !== "package" || typeModule.core === typeModule.own;
  // The formats of .mts and .cts are their own, which only Node's module formats keep to.
  if (module !== "package") return false;
  return typeModule.core ? format.toLowerCase() === "m" : !verbatim;
}

const contains = (folder: string, path: string) =>
  resolve(folder) === resolve(path) || isWithin(folder, path);
