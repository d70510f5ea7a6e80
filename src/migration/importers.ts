import { basename, dirname, resolve } from "node:path";
import { glob } from "tinyglobby";

/** Built output is built anew: what it imports keeps nothing alive. */
const built =
  "**/{dist,build,out,coverage,.next,.nuxt,.svelte-kit,.turbo,.cache}/**/*.{js,mjs,cjs,d.ts,d.mts,d.cts}";

/** The files beside or below a vendored folder's package that import it, absolute. */
export async function importers(
  folder: string,
  readText: (path: string) => string | null | Promise<string | null>,
): Promise<string[]> {
  const home = dirname(folder);
  const files = await glob(["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"], {
    cwd: home,
    absolute: true,
    dot: true,
    ignore: ["**/node_modules/**", "**/.git/**", built, `${basename(folder)}/**`],
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  const found: string[] = [];
  for (const file of files) {
    const path = resolve(file);
    const text = await readText(path);
    if (text !== null && importsFolder(path, text, folder)) found.push(path);
  }
  return found;
}

function importsFolder(file: string, text: string, folder: string): boolean {
  return [...text.matchAll(/["'`](\.{1,2}\/[^"'`\n]*?)\/core\.[cm]js["'`]/g)].some(
    ([, specifier = ""]) => resolve(dirname(file), specifier) === resolve(folder),
  );
}
