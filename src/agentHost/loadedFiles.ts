import { sep } from "node:path";
import { moduleCache } from "./loadModule.ts";

/** What was loaded of the user's own; native ES modules are not told. */
export function loadedFiles(file: string): string[] {
  return [...new Set([file, ...loadedModules(file).keys()])].filter(
    (path) => !path.startsWith(__dirname + sep),
  );
}

/** What these files export, by their paths; the file itself only where it is no native ES module. */
export function loadedModules(file: string): Map<string, unknown> {
  const modules = Object.entries(moduleCache(file)).filter(
    ([path]) => !path.includes(`${sep}node_modules${sep}`),
  );
  return new Map(modules.map(([path, module]) => [path, module.exports as unknown]));
}
