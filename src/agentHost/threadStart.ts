import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, Script } from "node:vm";
import { workerData } from "node:worker_threads";
import type { ThreadStart } from "./threadProtocol.ts";

const { compiled, ...start } = workerData as ThreadStart;
const filename = join(__dirname, "agentThread.cjs");
const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
const parameters = "exports, require, module, __filename, __dirname, keepCompiled";
const script = new Script(`(function (${parameters}) {${readFileSync(filename, "utf8")}\n})`, {
  ...{ filename, importModuleDynamically },
  ...(compiled !== null && { cachedData: compiled }),
});
silently(() => new Script("import('node:path')", { importModuleDynamically }).runInThisContext() as unknown);
const thread = { exports: {} };
const keepCompiled = () => {
  start.compiledTo?.postMessage(script.createCachedData());
  start.compiledTo = null;
};
Reflect.apply(script.runInThisContext() as (...args: unknown[]) => void, thread.exports, [
  ...[thread.exports, require, thread, filename, __dirname],
  keepCompiled,
]);

/** That Node calls the loader of such scripts experimental is told once in a thread, and would be in the log of its run. */
function silently(use: () => unknown): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  use();
  process.emitWarning = emitWarning;
}
