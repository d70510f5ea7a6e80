import { basename, dirname, resolve } from "node:path";
import { glob } from "tinyglobby";
import { packageName } from "./packageName.ts";

/** Built output is built anew: what it imports keeps nothing alive. */
const built =
  "**/{dist,build,out,coverage,.next,.nuxt,.svelte-kit,.turbo,.cache}/**/*.{js,mjs,cjs,d.ts,d.mts,d.cts}";

type ReadText = (path: string) => string | null | Promise<string | null>;

/**
 * Whether code beside or below a vendored folder imports it.
 * @param likely absolute paths that are looked at first
 */
export function isImported(folder: string, readText: ReadText, likely: readonly string[]): Promise<boolean> {
  const imports = (path: string, text: string) => importsFolder(path, text, folder);
  return anyFile(dirname(folder), imports, readText, likely, `${basename(folder)}/**`);
}

/** Whether code in a package's folder imports the published runtime. */
export function isPackageImported(
  home: string,
  readText: ReadText,
  likely: readonly string[],
): Promise<boolean> {
  const imported = new RegExp(`["'\`]${packageName}(?:/core)?["'\`]`);
  return anyFile(home, (_path, text) => imported.test(text), readText, likely);
}

async function anyFile(
  folder: string,
  is: (path: string, text: string) => boolean,
  readText: ReadText,
  likely: readonly string[],
  ...ignored: string[]
): Promise<boolean> {
  const imports = async (path: string) => {
    const text = await readText(path);
    return text !== null && is(path, text);
  };
  for (const path of likely) if (await imports(path)) return true;
  const files = await glob(["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"], {
    cwd: folder,
    absolute: true,
    dot: true,
    ignore: ["**/node_modules/**", "**/.git/**", built, ...ignored],
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  for (const file of files) if (await imports(resolve(file))) return true;
  return false;
}

function importsFolder(file: string, text: string, folder: string): boolean {
  return [...text.matchAll(/["'`](\.{1,2}\/[^"'`\n]*?)\/core(?:\.(?:[cm]?js|ts))?["'`]/g)].some(
    ([, specifier = ""]) => resolve(dirname(file), specifier) === resolve(folder),
  );
}
