import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
/** Everything the tests download; safe to delete. */
export const CACHE = join(ROOT, ".vscode-test");
/** Screenshots, logs and results of the last test run. */
export const OUTPUT = join(ROOT, "test-output");
