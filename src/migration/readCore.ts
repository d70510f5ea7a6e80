import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { coreFiles, type CoreFile } from "./vendored.ts";

/** The texts of the library's core bundle. */
export async function readCore(folder: string): Promise<Record<CoreFile, string>> {
  const texts = await Promise.all(
    coreFiles.map(async (name) => [name, await readFile(join(folder, name), "utf8")]),
  );
  return Object.fromEntries(texts) as Record<CoreFile, string>;
}
