import { join } from "node:path";

/** Where the runs of a workspace folder are recorded, a file each. */
export const recordsFolder = (root: string): string => join(root, ".proj-intel", "runs");

export const recordFile = (root: string, runId: string): string =>
  join(recordsFolder(root), `${runId}.jsonl`);
