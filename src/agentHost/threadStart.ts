import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { workerData } from "node:worker_threads";
import type { ThreadStart } from "./threadProtocol.ts";

/** The first code of a thread: runs the rest of it, compiled already where another thread has left that. */
const { compiled, ...start } = workerData as ThreadStart;
const filename = join(__dirname, "agentThread.cjs");
const parameters = "exports, require, module, __filename, __dirname, nativeImportOutside, keepCompiled";
const script = new Script(`(function (${parameters}) {${readFileSync(filename, "utf8")}\n})`, {
  filename,
  ...(compiled !== null && { cachedData: compiled }),
});
const thread = { exports: {} };
/** In the script itself Node would have to be told a loader, which it calls experimental in the log of the run. */
const nativeImport = (id: string): Promise<unknown> => import(id);
const keepCompiled = () => {
  start.compiledTo?.postMessage(script.createCachedData());
  start.compiledTo = null;
};
Reflect.apply(script.runInThisContext() as (...args: unknown[]) => void, thread.exports, [
  ...[thread.exports, require, thread, filename, __dirname],
  ...[nativeImport, keepCompiled],
]);
