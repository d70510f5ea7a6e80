import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This file: source, or a bundle. In CommonJS, where there is no import.meta, scripts/build.ts defines it away. */
const here = (): string => (typeof __filename === "string" ? __filename : fileURLToPath(import.meta.url));

/** The file that threads run: beside this one. */
export const threadFile = (): string => join(dirname(here()), `agentWorker${extname(here())}`);

/** The library as a file of its own, so that threads which need no more than the core do not load all of it. */
export function libraryFile(): string {
  const extension = extname(here());
  return join(dirname(here()), extension === ".ts" ? "../index.ts" : `index${extension}`);
}
