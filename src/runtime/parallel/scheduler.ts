/** A task that waits for its turn. */
export interface Job {
  /** Jobs of one lane run one after another, or as many at a time as the lane takes. */
  readonly lane: object;
  start(): void;
}

/** Where jobs come from. */
export interface JobSource {
  /** A job that may start now because its lane is free, or null. */
  next(isFree: (lane: object) => boolean): Job | null;
}

/** Hands out the slots of an executor: to its sources in turn, and within each in order. */
export class Scheduler {
  readonly #limit: number;
  readonly #limits: ReadonlyMap<object, number>;
  readonly #busy = new Map<object, number>();
  readonly #sources = new Set<JobSource>();
  readonly #onChange: (running: number) => void;
  #running = 0;
  #pumping = false;
  #again = false;

  /** `limits` says which lanes take more than one job at a time. */
  constructor(limit: number, limits: ReadonlyMap<object, number>, onChange: (running: number) => void) {
    this.#limit = limit;
    this.#limits = limits;
    this.#onChange = onChange;
  }

  add(source: JobSource): void {
    this.#sources.add(source);
    this.pump();
  }

  remove(source: JobSource): void {
    this.#sources.delete(source);
  }

  /** Gives back the slot of a job. */
  release({ lane }: Job): void {
    const busy = (this.#busy.get(lane) ?? 1) - 1;
    if (busy === 0) this.#busy.delete(lane);
    else this.#busy.set(lane, busy);
    this.#running -= 1;
    this.#onChange(this.#running);
    this.pump();
  }

  /** Starts what can start. */
  pump(): void {
    this.#again = true;
    // A job that ends at once would otherwise start the next one within itself.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#again) {
        this.#again = false;
        for (let job = this.#next(); job !== null; job = this.#next()) this.#start(job);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #start(job: Job): void {
    this.#busy.set(job.lane, (this.#busy.get(job.lane) ?? 0) + 1);
    this.#running += 1;
    this.#onChange(this.#running);
    job.start();
  }

  #next(): Job | null {
    if (this.#running >= this.#limit) return null;
    for (const source of this.#sources) {
      const job = source.next(this.#isFree);
      if (job === null) continue;
      // Whoever had its turn goes to the end.
      if (this.#sources.delete(source)) this.#sources.add(source);
      return job;
    }
    return null;
  }

  readonly #isFree = (lane: object): boolean => (this.#busy.get(lane) ?? 0) < (this.#limits.get(lane) ?? 1);
}
