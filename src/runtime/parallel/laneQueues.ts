import type { Job } from "./scheduler.ts";

interface Queue<J> {
  jobs: J[];
  /** The place of the first that was not taken. */
  first: number;
}

/** Jobs whose lane was not free: the first of a lane before its others, and the first of all lanes that are free. */
export class LaneQueues<J extends Job & { readonly index: number }> {
  readonly #queues = new Map<object, Queue<J>>();
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  add(job: J): void {
    const queue = this.#queues.get(job.lane);
    if (queue === undefined) this.#queues.set(job.lane, { jobs: [job], first: 0 });
    else queue.jobs.push(job);
    this.#size += 1;
  }

  /** Takes out the job with the lowest index whose lane is free. */
  take(isFree: (lane: object) => boolean): J | null {
    let best: J | null = null;
    for (const [lane, { jobs, first }] of this.#queues) {
      const job = jobs[first];
      if (job !== undefined && isFree(lane) && (best === null || job.index < best.index)) best = job;
    }
    if (best === null) return null;
    const queue = this.#queues.get(best.lane) as Queue<J>;
    queue.first += 1;
    if (queue.first === queue.jobs.length) this.#queues.delete(best.lane);
    this.#size -= 1;
    return best;
  }

  /** Takes out all. */
  takeAll(): J[] {
    const all = [...this.#queues.values()].flatMap(({ jobs, first }) => jobs.slice(first));
    this.#queues.clear();
    this.#size = 0;
    return all;
  }
}
