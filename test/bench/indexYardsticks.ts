import { Worker } from "node:worker_threads";

export type Yardstick = "parse" | "morph";

/**
 * In a thread of its own, as the index is built: code that ran before runs several times faster.
 * @returns how long it took, in ms, without the loading of the compiler
 */
export function measured(yardstick: Yardstick, root: string, paths: readonly string[]): Promise<number> {
  const thread = new Worker(new URL("indexYardstickThread.ts", import.meta.url), {
    workerData: { yardstick, root, paths },
  });
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
}
