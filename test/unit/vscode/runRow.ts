import type { RunSummary } from "../../../src/model/runSummary.ts";
import type { RunRow } from "../../../src/vscode/runs/row.ts";

export const queuedAt = "2026-01-02T03:04:00.000Z";

/** A run of a batch that succeeded, but for what is said otherwise. */
export function row(runId: string, more: Partial<RunSummary> = {}, mine = true): RunRow {
  const agent = { file_path: "src/a.ts", name: "EchoAgent" };
  const ended = { state: "success", endedAt: "2026-01-02T03:04:05.000Z", durationMs: 4000 } as const;
  const rest = {
    progress: null,
    question: null,
    error: null,
    checkpointId: null,
    stopped: null,
    resumes: null,
  };
  const counts = {
    attempts: 1,
    attemptsAtMost: 1,
    nextAttemptAt: null,
    resumedBy: null,
    usage: null,
    tool: null,
    step: null,
    worker: null,
  };
  return {
    folder: { uri: "file:///w", name: "w" },
    mine,
    summary: { runId, agent, queuedAt, batch: "b", ...ended, ...rest, ...counts, ...more },
  };
}
