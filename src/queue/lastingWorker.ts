import type { Worker } from "bullmq";
import { patiently } from "./patiently.ts";

/** Nothing else goes on while a worker fails so often. */
const MOST_FAULTS = 100;
const PAUSE_MS = 1_000;

/**
 * A worker of BullMQ that begins anew where it fails without end: one whose connection broke while it began remembers that for
 * ever, and asks again and again without letting go of its thread.
 */
export class LastingWorker {
  readonly #begin: () => Worker;
  readonly #onError: (error: Error) => void;
  #worker: Worker;
  #again: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param onError told what goes wrong */
  constructor(begin: () => Worker, onError: (error: Error) => void) {
    this.#begin = begin;
    this.#onError = onError;
    this.#worker = this.#begun();
  }

  /**
   * Takes no further job.
   * @param atWork those that it has, which are waited for, also where one was on its way
   */
  async drain(atWork: ReadonlySet<Promise<void>>): Promise<void> {
    this.#stop();
    const closing = this.#worker.close();
    while (atWork.size > 0) await Promise.allSettled(atWork);
    await closedOrCut(closing, this.#worker);
  }

  /** Takes no further job, and waits for none. */
  async leave(): Promise<void> {
    this.#stop();
    await closedOrCut(this.#worker.close(true), this.#worker);
  }

  #stop(): void {
    this.#closed = true;
    if (this.#again !== null) clearTimeout(this.#again);
  }

  #begun(): Worker {
    const worker = this.#begin();
    let faults = 0;
    worker.on("error", (error) => {
      this.#onError(error);
      if (faults === 0) setImmediate(() => (faults = 0));
      faults += 1;
      if (faults === MOST_FAULTS) this.#beginAgain(worker);
    });
    return worker;
  }

  #beginAgain(worker: Worker): void {
    if (this.#closed || worker !== this.#worker) return;
    void closedOrCut(worker.close(true), worker);
    this.#again = setTimeout(() => {
      this.#worker = this.#begun();
    }, PAUSE_MS);
  }
}

/** What does not close would look for its server for ever, and hold up the end of its process. */
export async function closedOrCut(
  closing: Promise<void>,
  from: { disconnect(): Promise<void> },
): Promise<void> {
  if (await patiently(closing)) return;
  from.disconnect().catch(() => undefined);
}
