import type { Jobs } from "../../../../src/queue/jobs.ts";
import type { Queue } from "../../../../src/queue/queue.ts";
import type { SharedFiles } from "../../../../src/queue/sharedFiles.ts";
import type { SharedLogs } from "../../../../src/queue/sharedLogs.ts";

/** A queue in which nothing happens. */
export class FakeQueue implements Queue {
  readonly shown = "redis://localhost (q)";
  readonly shared: Queue["shared"];
  readonly jobs: Jobs;
  closed = 0;

  /** @param counts the answer to who asks how many wait */
  constructor(counts: () => ReturnType<Jobs["counts"]> = () => Promise.resolve(nothing)) {
    const files: Partial<SharedFiles> = { list: () => Promise.resolve([]) };
    const logs: Partial<SharedLogs> = { watch: () => Promise.resolve(() => Promise.resolve()) };
    this.shared = {
      files: files as SharedFiles,
      logs: logs as SharedLogs,
      close: () => Promise.resolve(),
    };
    this.jobs = { counts } as Jobs;
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

const nothing = { waiting: 0, delayed: 0, active: 0 };
