import { statSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import type { HostRequest } from "../model/hostProtocol.ts";
import type { Loaded } from "./threadProtocol.ts";

/** How long a thread waits for the next run of its batch. */
const IDLE_MS = 10_000;
/** Clocks of file systems are coarse. */
const COARSE_MS = 50;

interface Used {
  key: string;
  worker: Worker;
  loaded: Loaded;
  end: () => void;
}

/** Threads that have served a run and wait for another that asks for the same code, in the same surroundings. */
export class UsedThreads {
  readonly #waiting = new Set<Used>();

  /** Null where none waits that has loaded what is on the disk now. */
  take(request: HostRequest): Worker | null {
    const key = keyOf(request);
    for (const used of [...this.#waiting].filter((each) => each.key === key)) {
      used.end();
      if (isCurrent(used.loaded)) return used.worker;
      void used.worker.terminate();
    }
    return null;
  }

  keep(worker: Worker, request: HostRequest, loaded: Loaded): void {
    const key = keyOf(request);
    if (key === null) return void worker.terminate();
    const timer = setTimeout(() => {
      used.end();
      void worker.terminate();
    }, IDLE_MS);
    const end = () => {
      clearTimeout(timer);
      this.#waiting.delete(used);
      worker.off("error", end).off("exit", end);
    };
    const used: Used = { key, worker, loaded, end };
    this.#waiting.add(used);
    // A thread that ends while it waits is no run's fault.
    worker.on("error", end).on("exit", end);
  }
}

/** What runs must have in common to follow each other in a thread; null for those that have one of their own. */
function keyOf(request: HostRequest): string | null {
  if (!("together" in request) || request.together === undefined) return null;
  const { together, root, file, setupFile, env, secrets, memoryMb } = request;
  return JSON.stringify([together, root, file, setupFile, env, secrets, memoryMb]);
}

/** Whether none of the files was changed since they began to be loaded. */
function isCurrent({ files, since }: Loaded): boolean {
  return files.every((file) => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats !== undefined && Math.max(stats.mtimeMs, stats.ctimeMs) < since - COARSE_MS;
  });
}
