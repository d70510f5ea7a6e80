import { isDeepStrictEqual } from "node:util";
import type { ParityTask } from "../model/parity.ts";
import { firstEvents } from "./history/firstEvent.ts";
import { runIds } from "./history/listRuns.ts";

const mostTasks = 20;
const mostRuns = 1_000;

export interface RecordedTask extends ParityTask {
  /** ISO: when it was last given. */
  time: string;
}

/** The tasks that an agent was given in its runs, each once, the newest first. Secrets in them are redacted. */
export async function recordedTasks(
  root: string,
  agent: { file_path: string; name: string },
): Promise<RecordedTask[]> {
  const found: RecordedTask[] = [];
  const ids = (await runIds(root)).slice(0, mostRuns);
  for await (const queued of firstEvents(root, ids)) {
    if (queued.tool !== undefined || !isDeepStrictEqual(queued.agent, agent)) continue;
    const { task, args = [], time } = queued;
    if (found.some((known) => isDeepStrictEqual([known.task, known.args], [task, args]))) continue;
    found.push({ task, args, time });
    if (found.length === mostTasks) break;
  }
  return found;
}
