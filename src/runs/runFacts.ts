import type { RunEvent } from "../model/runRecord.ts";
import type { RunFacts } from "../patterns/proposals.ts";
import { readEnds, runIds } from "./history/listRuns.ts";

const mostRuns = 500;
const atOnce = 16;

/** What the newest runs of a workspace folder were asked for and what came of them, the oldest first. */
export async function readRunFacts(root: string, most = mostRuns): Promise<RunFacts[]> {
  const ids = (await runIds(root)).slice(0, most).reverse();
  const facts: RunFacts[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const records = ids.slice(from, from + atOnce).map((id) => readEnds(root, id).catch(() => []));
    for (const events of await Promise.all(records)) facts.push(...factsOf(events));
  }
  return facts;
}

function factsOf(events: readonly RunEvent[]): RunFacts[] {
  const [queued] = events;
  if (queued?.type !== "queued") return [];
  const end = events.find((event) => event.type === "finished");
  const { agent, task, args = [], timeoutMs, memoryMb = null, tool = "", resumes = null } = queued;
  return [
    {
      ...{ runId: queued.runId, of: `${agent.file_path}#${agent.name} ${tool}` },
      ...{ task, args, timeoutMs, memoryMb, queuedAt: queued.time, resumes },
      fromCheckpoint: queued.checkpoint !== undefined,
      endedAt: end?.time ?? null,
      status: end?.status ?? null,
      signature: end?.status === "failed" ? (end.error?.signature ?? null) : null,
      retries: events.flatMap((event) =>
        event.type === "retry" ? [{ signature: event.error.signature ?? null, delayMs: event.delayMs }] : [],
      ),
    },
  ];
}
