import {
  DelayedError,
  WaitingChildrenError,
  type Job as BullJob,
  type Queue,
  type Worker,
  type WorkerOptions,
} from "bullmq";
import { setTimeout as sleep } from "node:timers/promises";
import { closedOrCut, LastingWorker } from "./lastingWorker.ts";

/** What waits to be run; nothing but its id, its data and its turn matters to the queue. */
export interface NewJob {
  /** Without ":", and not all digits. A job that is there already under this id stays as it is. */
  id: string;
  /** Shown on a board. */
  title: string;
  /** Plain JSON. */
  data: unknown;
  /** Higher goes first, then what was added first; -1000 to 1000. */
  priority: number;
  delayMs: number;
  /** The job that it is a part of, see `TakenJob.awaitParts`. */
  parent?: string;
}

export interface TakenJob {
  id: string;
  data: unknown;
  /** Nobody was given it before. */
  isFirst: boolean;
  /** Puts it back behind those of its turn, and takes none in its place for so long, so that another worker gets it. To be the last call. */
  postpone(restMs: number): Promise<void>;
  /** Gives it out again once all of its parts have ended, in whatever way; resolves where they have. To be the last call otherwise. */
  awaitParts(): Promise<void>;
}

export interface JobCounts {
  waiting: number;
  delayed: number;
  active: number;
}

/** The jobs of one queue, of which each is given to one worker at a time, and again to another one where that dies. */
export interface Jobs {
  add(job: NewJob): Promise<void>;
  /** Whether it waits or is at work. */
  has(id: string): Promise<boolean>;
  /** Answers false where it stays: it is at work. */
  remove(id: string): Promise<boolean>;
  counts(): Promise<JobCounts>;
  /** Takes jobs, so many at a time, from now on. */
  work(options: WorkOptions, process: (job: TakenJob) => Promise<void>): JobWorker;
  close(): Promise<void>;
}

export interface WorkOptions {
  concurrency: number;
  /** Tells it apart on a board. */
  name: string;
  /** Told what goes wrong between the queue and its server. */
  onError: (error: Error) => void;
}

export interface JobWorker {
  /** Takes no further job, and waits for those at work; where its server is away, for what was told of them. */
  drain(): Promise<void>;
  /** Lets go of everything at once: jobs that it has are given to another worker when their locks have run out. */
  leave(): Promise<void>;
}

/** A job whose worker does not tell for so long that it is alive goes to another one. */
const LOCK_MS = 15_000;
const LOOK_FOR_DEAD_MS = 5_000;
const DAY_S = 86_400;
const GATHER_MS = 10;
/** Where a worker could not tell what came of a job. What agents make of their tasks is no failure here. */
const AGAIN = { attempts: 100, backoff: { type: "fixed", delay: 1_000 } };
/** By whatever clock. Job.moveToDelayed goes by that of this machine, and where it is ahead no other worker would get the job. */
const LONG_AGO_MS = 1;
/** BullMQ's highest number goes last. */
const turnOf = (priority: number): number => 1_001 - priority;

/** What makes queues and workers, on one server or another. */
export interface BullParts {
  queue: (name: string) => Queue;
  worker: (
    name: string,
    process: (job: BullJob, token: string | undefined) => Promise<void>,
    options: Omit<WorkerOptions, "connection">,
  ) => Worker;
}

/** Jobs in BullMQ. */
export class BullJobs implements Jobs {
  readonly #parts: BullParts;
  readonly #name: string;
  readonly #queue: Queue;
  #adding: Adding[] = [];

  constructor(parts: BullParts, name: string, onError: (error: Error) => void) {
    this.#parts = parts;
    this.#name = name;
    this.#queue = parts.queue(name);
    this.#queue.on("error", onError);
  }

  /** Those that come close together go in one call, and in the order of their ids, which begin with the time. */
  add(job: NewJob): Promise<void> {
    return new Promise((added, failed) => {
      if (this.#adding.length === 0) setTimeout(() => void this.#addAll(), GATHER_MS);
      this.#adding.push({ job, added, failed });
    });
  }

  async has(id: string): Promise<boolean> {
    const state = await this.#queue.getJobState(id);
    return !["completed", "failed", "unknown"].includes(state);
  }

  async remove(id: string): Promise<boolean> {
    const job = (await this.#queue.getJob(id)) as BullJob | undefined;
    if (job === undefined) return true;
    try {
      await job.remove();
      return true;
    } catch {
      // It is locked by its worker.
      return false;
    }
  }

  async counts(): Promise<JobCounts> {
    const counts = await this.#queue.getJobCounts("wait", "prioritized", "delayed", "active");
    const of = (state: string) => counts[state] ?? 0;
    return { waiting: of("wait") + of("prioritized"), delayed: of("delayed"), active: of("active") };
  }

  work({ concurrency, name, onError }: WorkOptions, process: (job: TakenJob) => Promise<void>): JobWorker {
    const atWork = new Set<Promise<void>>();
    const take = (job: BullJob, token: string | undefined) => {
      const work = process(taken(job, token));
      atWork.add(work);
      void work.catch(() => undefined).then(() => atWork.delete(work));
      return work;
    };
    const begin = () =>
      this.#parts.worker(this.#name, take, {
        ...{ name, concurrency, lockDuration: LOCK_MS, stalledInterval: LOOK_FOR_DEAD_MS },
        // A run whose workers die is told by its log when it is enough.
        maxStalledCount: 1_000,
        removeOnComplete: { age: DAY_S, count: 10_000 },
        removeOnFail: { age: 7 * DAY_S, count: 10_000 },
      });
    const worker = new LastingWorker(begin, onError);
    return {
      drain: () => worker.drain(atWork),
      leave: () => worker.leave(),
    };
  }

  async close(): Promise<void> {
    await closedOrCut(this.#queue.close(), this.#queue);
  }

  async #addAll(): Promise<void> {
    const adding = this.#adding.sort((a, b) => (a.job.id < b.job.id ? -1 : 1));
    this.#adding = [];
    await this.#addEach(adding);
  }

  /** Where together they are not taken, each is added by itself, so that none takes others with it. */
  async #addEach(adding: readonly Adding[]): Promise<void> {
    try {
      await this.#queue.addBulk(adding.map(({ job }) => bulkOf(job, this.#queue.qualifiedName)));
      for (const { added } of adding) added();
    } catch (error) {
      if (adding.length > 1) for (const each of adding) await this.#addEach([each]);
      else adding[0]?.failed(error);
    }
  }
}

interface Adding {
  job: NewJob;
  added: () => void;
  failed: (error: unknown) => void;
}

const bulkOf = ({ id, title, data, priority, delayMs, parent }: NewJob, queue: string) => ({
  name: title,
  data: { json: JSON.stringify(data) } satisfies Carried,
  opts: {
    ...{ ...AGAIN, jobId: id, priority: turnOf(priority), ...(delayMs > 0 && { delay: delayMs }) },
    // What became of a part is told by its log: where the queue gives it up, what it is a part of has to see to that.
    ...(parent !== undefined && { parent: { id: parent, queue }, continueParentOnFailure: true }),
  },
});

/**
 * The data of a job as text: PostgreSQL's JSON has another order of keys, and takes neither U+0000 nor half a surrogate pair, which stand
 * escaped in this text.
 */
interface Carried {
  json: string;
}

/** Undefined where somebody else made the job. */
function dataOf(carried: unknown): unknown {
  try {
    return JSON.parse((carried as Carried).json);
  } catch {
    return undefined;
  }
}

/** What BullMQ keeps to itself of a job. */
interface PutsBack {
  backend: {
    moveToDelayed(
      ...args: [id: string, now: number, delay: number, token?: string, options?: { skipAttempt: boolean }]
    ): Promise<unknown>;
  };
}

function taken(job: BullJob, token: string | undefined): TakenJob {
  return {
    id: job.id ?? "",
    data: dataOf(job.data),
    isFirst: job.attemptsStarted === 1,
    postpone: async (restMs) => {
      const { backend } = job as unknown as PutsBack;
      await backend.moveToDelayed(job.id ?? "", LONG_AGO_MS, 0, token, { skipAttempt: true });
      await sleep(restMs);
      throw new DelayedError();
    },
    awaitParts: async () => {
      if (await job.moveToWaitingChildren(token ?? "")) throw new WaitingChildrenError();
    },
  };
}
