import type { Jobs } from "./jobs.ts";
import type { Shared } from "./shared.ts";

/** A queue of runs that this process has opened. */
export interface Queue {
  readonly jobs: Jobs;
  readonly shared: Shared;
  /** Its address without user and password. */
  readonly shown: string;
  close(): Promise<void>;
}
