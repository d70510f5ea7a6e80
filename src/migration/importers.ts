import { basename, dirname, resolve } from "node:path";
import { glob } from "tinyglobby";

/** Built output is built anew: what it imports keeps nothing alive. */
const built =
  "**/{dist,build,out,coverage,.next,.nuxt,.svelte-kit,.turbo,.cache}/**/*.{js,mjs,cjs,d.ts,d.mts,d.cts}";

/**
 * Whether code beside or below a vendored folder imports it.
 * @param likely absolute paths that are looked at first
 */
export async function isImported(
  folder: string,
  readText: (path: string) => string | null | Promise<string | null>,
  likely: readonly string[],
): Promise<boolean> {
  const imports = async (path: string) => {
    const text = await readText(path);
    return text !== null && importsFolder(path, text, folder);
  };
  for (const path of likely) if (await imports(path)) return true;
  const files = await glob(["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"], {
    cwd: dirname(folder),
    absolute: true,
    dot: true,
    ignore: ["**/node_modules/**", "**/.git/**", built, `${basename(folder)}/**`],
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
