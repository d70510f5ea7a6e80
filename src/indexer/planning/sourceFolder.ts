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
  { output, module }: ConfigFacts,
): Promise<VendoredFolder | null> {
  // The formats of .mts and .cts are their own.
  if (output === null || !/\.tsx?$/i.test(file)) return null;
  const parent = contains(output.base, home) ? home : output.base;
  const place = await surroundings.vendoredFolder(parent, "source");
  if (output.folders?.some((folder) => contains(folder, place.folder)) === false) return null;
  const core = await surroundings.packageOf(join(place.folder, "core.ts"));
  return module === "package" && core.typeModule !== typeModule ? null : place;
}

const contains = (folder: string, path: string) =>
  resolve(folder) === resolve(path) || isWithin(folder, path);
