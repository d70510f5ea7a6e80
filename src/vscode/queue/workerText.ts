import { counted } from "../../model/counted.ts";
import type { WorkerTold } from "../../model/workerTold.ts";

export interface WorkerText {
  label: string;
  description: string;
  /** A line each. */
  tooltip: string[];
}

/** @param now Unix milliseconds */
export function workerText(worker: WorkerTold, now: number): WorkerText {
  const { id, host, pid, node, version, agents, concurrency, busy, ended, draining, restarts } = worker;
  const heard = Math.max(0, Math.round((now - Date.parse(worker.told)) / 1000));
  const since = new Date(worker.startedAt).toLocaleString();
  return {
    label: id,
    description: [
      `${busy} of ${concurrency} busy`,
      draining ? "draining" : "",
      `heard of ${heard} s ago`,
      version,
    ]
      .filter(Boolean)
      .join(" · "),
    tooltip: [
      id,
      `Machine ${host}, process ${pid}, Node.js ${node}, opsvi-agents ${version}`,
      `Takes runs of ${counted(agents, "agent")}, ${concurrency} at a time`,
      `${counted(ended, "run")} ended since ${since}`,
      draining ? "Takes no further run, and ends with those it has" : "",
      restarts === 0
        ? ""
        : `Began anew ${counted(restarts, "time")}, because runs waited and it was given none`,
    ].filter(Boolean),
  };
}
