import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The file that threads run: beside this one, whether this is source or a bundle. In CommonJS, where there is no
 * import.meta, scripts/build.ts defines it away.
 */
export function threadFile(): string {
  const here = typeof __filename === "string" ? __filename : fileURLToPath(import.meta.url);
  return join(dirname(here), `agentWorker${extname(here)}`);
}
