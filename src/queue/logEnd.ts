import type { Outcome } from "../model/hostProtocol.ts";
import { endOf } from "../model/remoteRun.ts";
import { logOf } from "./runLog.ts";
import type { SharedLogs } from "./sharedLogs.ts";
import { wholeLog } from "./wholeLog.ts";

/** How a job ended, as its log tells; null where it goes on, or its log is gone. */
export const endOfJob = async (logs: SharedLogs, job: string): Promise<Outcome | null> =>
  endOf(await wholeLog(logs, logOf(job)));

/** Ends a job, so that whoever is still at it can tell nothing more. Answers false where it has ended. */
export async function endJob(logs: SharedLogs, job: string, end: Outcome): Promise<boolean> {
  const claim = await logs.claim(logOf(job));
  return logs.append(logOf(job), claim, [JSON.stringify({ end })], { closes: true });
}
