import { performance } from "node:perf_hooks";
import { memoryUsage } from "node:process";
import { getHeapStatistics } from "node:v8";
import type { ProcessMemory } from "./types.ts";

/** The system is asked for the size of the process no more often than this while executions begin and end. */
const rssEveryMs = 100;

interface Running {
  heapAtStart: number;
  /** Whether no other one was under way at any time. */
  alone: boolean;
}

/** Knows which executions are under way, and what those that were alone did to the heap. */
export class MemoryProbe {
  readonly #measures: boolean;
  /** By what stands for one agent: its metadata, of which each agent has its own. */
  readonly #running = new Map<object, Running>();
  #maxRss = 0;
  #nextRss = 0;

  constructor(measures: boolean) {
    this.#measures = measures;
  }

  /** Answers false for what is under way already. */
  begin(agent: object): boolean {
    if (this.#running.has(agent)) return false;
    for (const other of this.#running.values()) other.alone = false;
    const alone = this.#running.size === 0;
    this.#running.set(agent, { alone, heapAtStart: this.#measures ? this.#heap() : 0 });
    return true;
  }

  /** Answers with by how much the heap has grown, null where that is not known; undefined for what is not under way. */
  end(agent: object): number | null | undefined {
    const running = this.#running.get(agent);
    if (running === undefined) return undefined;
    this.#running.delete(agent);
    if (!this.#measures) return null;
    const heap = this.#heap();
    return running.alone ? heap - running.heapAtStart : null;
  }

  /** The process's memory now; null where it is not measured. */
  read(): ProcessMemory | null {
    if (!this.#measures) return null;
    const rssBytes = this.#rss();
    return { rssBytes, heapUsedBytes: getHeapStatistics().used_heap_size, maxRssBytes: this.#maxRss };
  }

  /** Forgets the greatest size. */
  reset(): void {
    this.#maxRss = 0;
  }

  #heap(): number {
    if (performance.now() >= this.#nextRss) this.#rss();
    return getHeapStatistics().used_heap_size;
  }

  #rss(): number {
    const rss = memoryUsage.rss();
    this.#maxRss = Math.max(this.#maxRss, rss);
    this.#nextRss = performance.now() + rssEveryMs;
    return rss;
  }
}
