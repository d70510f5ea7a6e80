import type { SharedFiles } from "./sharedFiles.ts";
import type { SharedLogs } from "./sharedLogs.ts";

/** What all processes that use one queue share besides its jobs. */
export interface Shared {
  readonly logs: SharedLogs;
  readonly files: SharedFiles;
  /** Ends the connections. */
  close(): Promise<void>;
}
