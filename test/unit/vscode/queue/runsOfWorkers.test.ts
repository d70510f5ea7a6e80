import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../../src/model/runRecord.ts";
import { summarize } from "../../../../src/runs/history/summarize.ts";
import { rowText } from "../../../../src/vscode/runs/rowText.ts";
import { queuedAt, row } from "../runRow.ts";

const agent = { file_path: "src/a.ts", name: "EchoAgent" };
const event = { runId: "1", time: queuedAt };
const queued: RunEvent = { ...event, type: "queued", agent, task: {}, retries: 0, timeoutMs: null };
const started = (worker?: string): RunEvent => ({
  ...{ ...event, type: "started", pid: 1, node: "24.0.0" },
  ...(worker !== undefined && { worker }),
});
const workerOf = (...events: RunEvent[]) => summarize([queued, ...events], true)?.worker;

const text = (more: Parameters<typeof row>[1], mine = true) =>
  rowText(row("1", more, mine), { now: Date.parse(queuedAt) + 30_000, folders: false });
const running = { state: "running", endedAt: null, worker: "build-1" } as const;

describe("A run with a worker of a queue", () => {
  it("is told with the last one that has it", () => {
    expect(workerOf()).toBeNull();
    expect(workerOf(started())).toBeNull();
    expect(workerOf(started("build-1"))).toBe("build-1");
    expect(workerOf(started("build-1"), started("build-2"))).toBe("build-2");
  });

  it("names it in its row while it is at work, and later in its tooltip", () => {
    expect(text(running).description).toBe("30 s · on build-1");
    expect(text(running, false).description).toBe("30 s · on build-1 · in another window");
    expect(text({ worker: "build-1" }).description).not.toContain("build-1");
    expect(text({ worker: "build-1" }).tooltip).toContain("Worker build-1");
    expect(text({}).tooltip.join()).not.toContain("Worker");
  });

  it("says that it can be followed where a window has left it there", () => {
    const interrupted = { state: "interrupted", worker: "build-1" } as const;
    expect(text(interrupted).tooltip).toContain("Worker build-1: where it goes on there, Resume follows it");
    expect(text({ ...interrupted, resumedBy: "2" }).tooltip).toContain("Worker build-1");
  });
});
