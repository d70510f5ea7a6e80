import { setImmediate } from "node:timers/promises";
import { v7 as uuid } from "uuid";
import { folderPath } from "../../model/folderPath.ts";
import type { BatchFigures, BatchRow, BatchSummary } from "../../model/batch.ts";
import type { RunEvent } from "../../model/runRecord.ts";
import type { Run, RunService, StartRequest } from "../runService.ts";
import { Slots } from "../slots.ts";
import { cancelledRow, figuresOf, rowAfter } from "./row.ts";

/** Hears every event of every run, with the row as it is after it. */
export type BatchListener = (event: RunEvent, row: BatchRow) => void;

/** A start costs little; thousands in one go would hold up everything else. */
const AT_ONCE = 50;

export interface BatchOptions {
  /** How many runs may be at work at a time. */
  concurrency: number;
  /** Whether they may follow each other in a thread: then what starts a run is saved, and they find what their modules keep. Default false. */
  sharesThreads?: boolean | undefined;
}

/** Runs that are queued together, of which so many at a time are at work. Cancel a batch before its service is disposed. */
export class Batch {
  readonly id = uuid();
  /** Never rejects. */
  readonly finished: Promise<BatchSummary>;
  readonly #service: Pick<RunService, "start">;
  readonly #requests: readonly StartRequest[];
  readonly #rows: BatchRow[];
  readonly #runs = new Set<Run>();
  readonly #listeners = new Set<BatchListener>();
  /** What is started next. */
  #next = 0;

  constructor(
    service: Pick<RunService, "start">,
    requests: readonly StartRequest[],
    { concurrency, sharesThreads = false }: BatchOptions,
  ) {
    this.#service = service;
    this.#requests = sharesThreads ? requests.map((each) => ({ ...each, together: this.id })) : requests;
    this.#rows = requests.map(rowOf);
    this.finished = this.#go(new Slots(concurrency));
  }

  /** As they are now, in the order of the requests. */
  get rows(): readonly BatchRow[] {
    return this.#rows;
  }

  get figures(): BatchFigures {
    return figuresOf(this.#rows);
  }

  /** Stops hearing when the answer is called. */
  onEvent(listener: BatchListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What was not started stays so. */
  beginNoMore(): void {
    for (; this.#next < this.#rows.length; this.#next += 1) this.#change(this.#next, cancelledRow);
  }

  /** Nothing further begins, and what runs is stopped. Resolves once all has ended. */
  async cancel(): Promise<void> {
    this.beginNoMore();
    await Promise.all([...this.#runs].map((run) => run.cancel()));
    await this.finished;
  }

  async #go(turns: Slots): Promise<BatchSummary> {
    const startedAt = performance.now();
    // A turn later, so that whoever made the batch can listen first.
    await Promise.resolve();
    const ended: Promise<unknown>[] = [];
    while (this.#next < this.#requests.length) {
      ended.push(this.#start(this.#next, turns));
      this.#next += 1;
      if (this.#next % AT_ONCE === 0) await setImmediate();
    }
    await Promise.all(ended);
    return { batch: this.id, ...this.figures, durationMs: Math.round(performance.now() - startedAt) };
  }

  async #start(index: number, turns: Slots): Promise<void> {
    const run = this.#service.start({ ...(this.#requests[index] as StartRequest), batch: this.id, turns });
    this.#runs.add(run);
    run.onEvent((event) => this.#hear(index, event));
    await run.finished;
    this.#runs.delete(run);
  }

  #hear(index: number, event: RunEvent): void {
    const row = this.#change(index, (before) => rowAfter(before, event));
    for (const listener of this.#listeners) listener(event, row);
  }

  #change(index: number, change: (row: BatchRow) => BatchRow): BatchRow {
    const row = change(this.#rows[index] as BatchRow);
    this.#rows[index] = row;
    return row;
  }
}

function rowOf({ root, file, name }: StartRequest, index: number): BatchRow {
  const agent = { file_path: folderPath(root, file), name };
  const begin = { runId: null, state: "queued", attempts: 0, durationMs: null } as const;
  return { index, agent, ...begin, progress: null, error: null, usage: null };
}
