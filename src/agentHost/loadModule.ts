import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import {
  createFilesMatcher,
  getTsconfig,
  parseTsconfig,
  type TsConfigJson,
  type TsConfigResult,
} from "get-tsconfig";
import { createJiti, type Jiti, type JitiOptions, type JSXOptions } from "jiti";
import { version } from "../../package.json";
import { UserError } from "../model/userError.ts";
import { typescriptClasses } from "./typescriptClasses.ts";

type CompilerOptions = NonNullable<TsConfigJson["compilerOptions"]>;

const loaded = new Map<string, { module: unknown; loader: Jiti }>();

/** Loads a TypeScript or JavaScript module, ESM or CommonJS, as the user's own tools would; once in a thread. Throws what the module throws. */
export async function loadModule(file: string): Promise<unknown> {
  const known = loaded.get(file);
  if (known !== undefined) return known.module;
  if (!existsSync(file)) throw new UserError(`There is no file ${file}.`);
  const loader = createLoader(file);
  const module: unknown = await loader.import(file);
  loaded.set(file, { module, loader });
  return module;
}

/** The modules that this thread has loaded other than as native ES modules, by their paths. */
export function moduleCache(file: string): Jiti["cache"] {
  return (loaded.get(file)?.loader ?? createLoader(file)).cache;
}

/** Loads the modules that `file` leads to; `alias` says where specifiers lead that nothing is found for. */
export function createLoader(file: string, alias: Record<string, string> = {}): Jiti {
  return createJiti(file, loaderOptions(file, alias));
}

function loaderOptions(file: string, alias: Record<string, string>): JitiOptions {
  const { path, options } = compilerOptions(file);
  const dropBare = assignsFields(options);
  const metadata = options.emitDecoratorMetadata === true;
  const jsx = jsxOptions(options);
  // What was compiled with other options must not be found again.
  const variant = ["marked", dropBare, metadata, jsx.runtime, jsx.importSource, jsx.pragma]
    .join(" ")
    .trim()
    .replace(/[^\w-]/g, "_");
  return {
    fsCache: join(cacheFolder(), variant),
    jsx,
    ...(path !== null && basename(path) === "tsconfig.json"
      ? { tsconfigPaths: path, alias }
      : { alias: { ...(path !== null && aliases(path, options)), ...alias } }),
    transformOptions: { babel: { plugins: [[typescriptClasses, { dropBare, metadata }]] } },
  };
}

/** A tsconfig.json that cannot be read costs its options, not the run. */
function compilerOptions(file: string): { path: string | null; options: CompilerOptions } {
  try {
    const found = projectOf(file);
    return { path: found?.path ?? null, options: found?.config.compilerOptions ?? {} };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The options of tsconfig.json are not used: ${reason}\n`);
    return { path: null, options: {} };
  }
}

/** The tsconfig.json above the file or, where that only refers to others, the first of them that includes the file. */
function projectOf(file: string): TsConfigResult | null {
  const found = getTsconfig(file);
  if (!found?.config.references || createFilesMatcher(found)(file)) return found;
  const referred = found.config.references.map(({ path }) => {
    const target = resolve(dirname(found.path), path);
    const project = target.endsWith(".json") ? target : join(target, "tsconfig.json");
    return { path: project, config: parseTsconfig(project) };
  });
  return referred.find((project) => createFilesMatcher(project)(file)) ?? found;
}

/** `paths` as the loader takes them from a file that has another name than tsconfig.json: folders, and no second choices. */
function aliases(path: string, { baseUrl = ".", paths = {} }: CompilerOptions): Record<string, string> {
  const base = resolve(dirname(path), baseUrl);
  const folders = Object.entries(paths).flatMap(([pattern, [target]]) =>
    pattern.endsWith("/*") && target?.endsWith("/*") === true
      ? [[pattern.slice(0, -1), join(base, target.slice(0, -1))]]
      : [],
  );
  return Object.fromEntries(folders) as Record<string, string>;
}

/** Whether a field that is only declared leaves alone what a base class put there; from ES2022 on it becomes undefined. */
function assignsFields({ useDefineForClassFields, target }: CompilerOptions): boolean {
  if (useDefineForClassFields !== undefined) return !useDefineForClassFields;
  return target !== undefined && /^es(3|5|6|20(1\d|2[01]))$/i.test(target);
}

function jsxOptions({ jsx, jsxImportSource, jsxFactory }: CompilerOptions): JSXOptions {
  if (jsx === "react-jsx" || jsx === "react-jsxdev") {
    return { runtime: "automatic", ...(jsxImportSource !== undefined && { importSource: jsxImportSource }) };
  }
  return { runtime: "classic", ...(jsxFactory !== undefined && { pragma: jsxFactory }) };
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
  return join(base, "opsvi-agents", version, "modules");
}
