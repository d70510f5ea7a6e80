import type {
  CheckpointEvents,
  CheckpointFolder,
  CheckpointKey,
  CheckpointList,
  CheckpointListRow,
  CheckpointQuery,
} from "../model/checkpoints.ts";
import { fill } from "./fill.ts";
import { Jobs } from "./jobs.ts";
import { CheckpointLists } from "./view/lists.ts";

const FILL = "fill";

/** Reads and changes the checkpoints of some workspace folders; in a thread, or in the process that asks. */
export class CheckpointService {
  readonly lists = new CheckpointLists();
  readonly #events: CheckpointEvents;
  readonly #jobs = new Jobs();
  #filled: Promise<void> = Promise.resolve();

  constructor(events: CheckpointEvents) {
    this.#events = events;
  }

  open(folders: CheckpointFolder[]): void {
    this.lists.open(folders);
    this.#fill();
  }

  refresh(files?: string[]): void {
    if (this.lists.refresh(files)) this.#events.changed();
    this.#fill();
  }

  query(query: CheckpointQuery): CheckpointList {
    return this.lists.query(query);
  }

  rows(version: number, from: number, count: number): CheckpointListRow[] | null {
    return this.lists.rows(version, from, count);
  }

  rowOf(version: number, key: CheckpointKey): number {
    return this.lists.rowOf(version, key);
  }

  cancel(job: string): void {
    this.#jobs.cancel(job);
  }

  /** Resolves when all is known that there is to know. */
  get complete(): Promise<void> {
    return this.#filled;
  }

  dispose(): void {
    this.#jobs.cancelAll();
  }

  #fill(): void {
    if (!this.lists.pending) return;
    this.#filled = this.#jobs
      .run(FILL, async (pace) => {
        // The first answer comes first.
        await new Promise((resolve) => setImmediate(resolve));
        await fill(this.lists, pace, () => this.#events.changed());
      })
      .catch(() => undefined);
  }
}
