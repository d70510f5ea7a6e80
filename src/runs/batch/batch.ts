import { relative, sep } from "node:path";
import { v7 as uuid } from "uuid";
import type { BatchFigures, BatchRow, BatchSummary } from "../../model/batch.ts";
import type { RunEvent } from "../../model/runRecord.ts";
import type { Run, RunService, StartRequest } from "../runService.ts";
import { cancelledRow, figuresOf, rowAfter } from "./row.ts";

/** Hears every event of every run, with the row as it is after it. */
export type BatchListener = (event: RunEvent, row: BatchRow) => void;

/**
 * Runs that are started together, so many at a time. A run has its record from when it begins. Cancel a batch before its
 * service is disposed.
 */
export class Batch {
  readonly id = uuid();
  /** Never rejects. */
  readonly finished: Promise<BatchSummary>;
  readonly #service: Pick<RunService, "start">;
  readonly #requests: readonly StartRequest[];
  readonly #rows: BatchRow[];
  readonly #running = new Set<Run>();
  readonly #listeners = new Set<BatchListener>();
  #next = 0;

  constructor(service: Pick<RunService, "start">, requests: readonly StartRequest[], concurrency: number) {
    this.#service = service;
    this.#requests = requests;
    this.#rows = requests.map(rowOf);
    this.finished = this.#go(concurrency);
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

  /** Nothing further begins, and what runs is stopped. Resolves once all has ended. */
  async cancel(): Promise<void> {
    for (; this.#next < this.#rows.length; this.#next += 1) this.#change(this.#next, cancelledRow);
    await Promise.all([...this.#running].map((run) => run.cancel()));
    await this.finished;
  }

  async #go(concurrency: number): Promise<BatchSummary> {
    const startedAt = performance.now();
    // A turn later, so that whoever made the batch can listen first.
    await Promise.resolve();
    await Promise.all(Array.from({ length: concurrency }, () => this.#lane()));
    return { batch: this.id, ...this.figures, durationMs: Math.round(performance.now() - startedAt) };
  }

  async #lane(): Promise<void> {
    for (;;) {
      const index = this.#next;
      const request = this.#requests[index];
      // After a cancel nothing is left.
      if (request === undefined) return;
      this.#next += 1;
      const run = this.#service.start({ ...request, batch: this.id });
      this.#running.add(run);
      run.onEvent((event) => this.#hear(index, event));
      await run.finished;
      this.#running.delete(run);
    }
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
  const agent = { file_path: relative(root, file).split(sep).join("/"), name };
  const begin = { runId: null, state: "queued", attempts: 0, durationMs: null } as const;
  return { index, agent, ...begin, progress: null, error: null, usage: null };
}
