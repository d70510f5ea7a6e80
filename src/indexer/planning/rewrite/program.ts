import { dirname, join } from "node:path";
import { ts } from "ts-morph";
import { glob } from "tinyglobby";

export interface WorkspaceProgram {
  program: ts.Program;
  /** Components and the like, which no compiler here reads. */
  others: string[];
  /** The program with other texts of some files. */
  after(texts: ReadonlyMap<string, string>): ts.Program;
}

const ignore = [
  "**/node_modules/**",
  "**/.git/**",
  "**/{dist,build,out,coverage,.next,.nuxt,.svelte-kit,.turbo,.cache}/**",
];

/** Everything in a workspace folder that could use a class, under the options that govern its file; null without a tsconfig.json. */
export async function workspaceProgram(
  root: string,
  file: string,
  libraries: string,
  readText: (path: string) => string | null | Promise<string | null>,
): Promise<WorkspaceProgram | null> {
  const config = ts.findConfigFile(dirname(file), (path) => ts.sys.fileExists(path));
  if (config === undefined) return null;
  const raw = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config?: unknown };
  const parsed = ts.parseJsonConfigFileContent(raw.config ?? {}, ts.sys, dirname(config), undefined, config);
  const globbing = { cwd: root, absolute: true, dot: true, ignore, followSymbolicLinks: false } as const;
  const found = await glob(["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}"], globbing);
  const others = await glob(["**/*.{vue,svelte,astro,mdx}", ".proj-intel/adapters.json"], globbing);
  const texts = new Map<string, string>();
  for (const path of found) {
    const text = await readText(path);
    if (text !== null) texts.set(ts.sys.resolvePath(path), text);
  }
  const options: ts.CompilerOptions = {
    ...parsed.options,
    ...{ noEmit: true, allowJs: true, checkJs: false, skipLibCheck: true },
    ...{
      composite: false,
      incremental: false,
      declaration: false,
      declarationMap: false,
      emitDeclarationOnly: false,
    },
  };
  const rootNames = [...new Set([...parsed.fileNames, ...found])];
  const create = (changed: ReadonlyMap<string, string>, old?: ts.Program) => {
    const host = ts.createCompilerHost(options, true);
    const read = host.readFile.bind(host);
    const exists = host.fileExists.bind(host);
    const known = (path: string) => changed.get(path) ?? texts.get(path);
    host.getDefaultLibLocation = () => libraries;
    host.getDefaultLibFileName = (wanted) => join(libraries, ts.getDefaultLibFileName(wanted));
    host.readFile = (path) => known(path) ?? read(path);
    host.fileExists = (path) => known(path) !== undefined || exists(path);
    const isFolder = host.directoryExists?.bind(host);
    host.directoryExists = (path) =>
      isFolder?.(path) === true || [...changed.keys()].some((each) => each.startsWith(`${path}/`));
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (path, ...rest) =>
      (changed.has(path) ? undefined : old?.getSourceFile(path)) ?? getSourceFile(path, ...rest);
    return ts.createProgram({ rootNames: [...rootNames, ...changed.keys()], options, host });
  };
  const program = create(new Map());
  return { program, others, after: (changed) => create(changed, program) };
}
