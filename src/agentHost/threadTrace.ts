import { getHeapStatistics } from "node:v8";
import type { HostRequest } from "../model/hostProtocol.ts";
import { inBytes } from "../model/runLimits.ts";
import { findAgent } from "./findAgent.ts";
import { loadedFiles } from "./loadedFiles.ts";
import { loadModule } from "./loadModule.ts";
import type { Loaded } from "./threadProtocol.ts";

/** Of its heap, so much may be in use for another run to begin in it. */
const HEAP_SHARE = 0.25;

/** The thread as it was before its first run, to be told from what runs leave behind. */
export class ThreadTrace {
  readonly #since = Date.now();
  readonly #surroundings = surroundings();

  /** What is loaded, where another run can follow; null where this one left something behind, or its module holds the agent itself. */
  async loaded(request: HostRequest): Promise<Loaded | null> {
    const { file, memoryMb } = request;
    if (!("together" in request) || request.together === undefined) return null;
    if (findAgent(await loadModule(file), request).kind === "instance") return null;
    // Timers, sockets, requests: whatever would keep a thread alive.
    const left = process.getActiveResourcesInfo();
    const crowded = getHeapStatistics().used_heap_size > inBytes(memoryMb) * HEAP_SHARE;
    if (left.length > 0 || crowded || surroundings() !== this.#surroundings) return null;
    return { files: loadedFiles(file), since: this.#since };
  }
}

function surroundings(): string {
  const listeners = process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
  return JSON.stringify([process.env, listeners]);
}
