import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createJiti, type JitiOptions } from "jiti";
import { UserError } from "../model/userError.ts";

/** Loads a TypeScript or JavaScript module, ESM or CommonJS, as the user's own tools would. Throws what the module throws. */
export async function loadModule(file: string): Promise<unknown> {
  if (!existsSync(file)) throw new UserError(`There is no file ${file}.`);
  return await loader(file).import(file);
}

const options: JitiOptions = { fsCache: cacheFolder(), jsx: true };

/** A tsconfig.json that cannot be read costs its `paths`, not the run. */
function loader(file: string) {
  try {
    return createJiti(file, { ...options, tsconfigPaths: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The paths of tsconfig.json are not used: ${reason}\n`);
    return createJiti(file, options);
  }
}

/** The user's own, because jiti runs what it finds there: never a folder that others can write to, such as /tmp. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base =
    process.platform === "win32"
      ? (LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
      : process.platform === "darwin"
        ? join(homedir(), "Library", "Caches")
        : (XDG_CACHE_HOME ?? join(homedir(), ".cache"));
  return join(base, "opsvi-agents", "modules");
}
