import { remoteLine } from "../../model/remoteRun.ts";
import type { SharedLogs } from "../sharedLogs.ts";
import { wholeLog } from "../wholeLog.ts";

/** What was told of a run by those who had it before. */
export interface Earlier {
  /** How often it was begun. */
  taken: number;
  /** The newest first. */
  checkpoints: string[];
  /** It has ended, and only the queue was not told. */
  ended: boolean;
}

export const NOTHING_EARLIER: Earlier = { taken: 0, checkpoints: [], ended: false };

export async function earlierOf(logs: SharedLogs, log: string): Promise<Earlier> {
  const earlier: Earlier = { taken: 0, checkpoints: [], ended: false };
  for (const text of await wholeLog(logs, log)) {
    const line = remoteLine(text);
    if (line === null) continue;
    if ("end" in line) earlier.ended = true;
    else if (line.event.type === "started") earlier.taken += 1;
    // A rollback holds what the run began with, and would undo its way.
    else if (line.event.type === "checkpoint" && line.event.label !== "rollback")
      earlier.checkpoints.unshift(line.event.id);
  }
  return earlier;
}
