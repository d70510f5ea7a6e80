import { resolve } from "node:path";
import { expect, it } from "vitest";
import type { Finished, Queued, RunEvent } from "../../../src/model/runRecord.ts";
import { UserError } from "../../../src/model/userError.ts";
import { resumption } from "../../../src/runs/history/resumption.ts";

const common = { runId: "r1", time: "2026-01-02T03:04:05.000Z" };
const queued: Queued = {
  ...{ ...common, type: "queued", agent: { file_path: "src/a.ts", name: "Echo" }, task: { q: 1 } },
  ...{ retries: 2, timeoutMs: null, owner: "o1" },
};
const checkpoint = (id: string, label: string | null): RunEvent => ({
  ...common,
  type: "checkpoint",
  id,
  label,
});
const finished = (status: Finished["status"]): Finished => ({
  ...{ ...common, type: "finished", status, checkpointId: null, attempts: 1, durationMs: 1, warnings: [] },
});
const refusal = (events: RunEvent[], alive = false): string => {
  try {
    resumption("/w", "r1", events, alive);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error("It was not refused.");
};

it("asks for the same once more, and names the checkpoints of the way, the newest first", () => {
  const whole = { ...queued, args: ["a"], timeoutMs: 5000, memoryMb: 64, checkpoint: "c0", batch: "b1" };
  const when = { priority: 7, delayMs: 60_000 };
  const way = [checkpoint("c1", "started"), checkpoint("c2", "half"), checkpoint("c3", "rollback")];
  const ends = [[], ...(["failed", "cancelled", "interrupted"] as const).map((status) => [finished(status)])];
  for (const end of ends) {
    expect(resumption("/w", "r1", [{ ...whole, ...when }, ...way, ...end], false)).toEqual({
      request: {
        ...{ root: "/w", file: resolve("/w/src/a.ts"), name: "Echo", task: { q: 1 }, args: ["a"] },
        ...{ retries: 2, timeoutMs: 5000, memoryMb: 64, resumes: "r1", batch: "b1", priority: 7 },
      },
      checkpoints: ["c2", "c1", "c0"],
    });
  }
});

it("begins anew where nothing was saved, with the defaults of what the record does not tell", () => {
  expect(resumption("/w", "r1", [queued], false)).toEqual({
    request: {
      ...{ root: "/w", file: resolve("/w/src/a.ts"), name: "Echo", task: { q: 1 }, args: undefined },
      ...{ retries: 2, timeoutMs: undefined, memoryMb: undefined, resumes: "r1", batch: undefined },
    },
    checkpoints: [],
  });
});

it("refuses in one sentence what goes on, succeeded, or was resumed", () => {
  expect(refusal([queued], true)).toBe("Run r1 has not ended: cancel it before it is resumed.");
  expect(resumption("/w", "r1", [queued, finished("failed")], true).checkpoints).toEqual([]);
  expect(refusal([queued, finished("success")])).toBe(
    "Run r1 succeeded, so there is nothing to resume: run the agent again.",
  );
  expect(refusal([queued, finished("failed"), { ...common, type: "resumed", by: "r2" }])).toBe(
    "Run r1 was resumed already, as run r2.",
  );
  expect(refusal([finished("failed")])).toBe(
    "The record of run r1 does not tell what was asked for, so it cannot be resumed.",
  );
});

it("refuses what lacks a secret, and says where", () => {
  expect(refusal([{ ...queued, task: { list: [{ apiKey: "[redacted]" }] } }])).toBe(
    "Run r1 cannot be resumed, because a secret in its task was not recorded: run the agent again with the secret.",
  );
  expect(refusal([{ ...queued, args: ["Bearer [redacted]"] }])).toBe(
    "Run r1 cannot be resumed, because a secret in its constructor's arguments was not recorded: run the agent again with the secret.",
  );
});

it("refuses a record whose agent lies outside the folder, or whose numbers are none", () => {
  for (const file_path of ["../etc/passwd", "/etc/passwd", "src/../../a.ts"]) {
    expect(refusal([{ ...queued, agent: { file_path, name: "Echo" } }])).toBe(
      `Run r1 cannot be resumed, because its agent's file ${file_path} is not in /w: run the agent again.`,
    );
  }
  for (const [key, value] of Object.entries({ retries: 1e308, memoryMb: -1, priority: 0.5 })) {
    expect(refusal([{ ...queued, [key]: value }])).toBe(
      `Run r1 cannot be resumed, because its record has a wrong number as "${key}".`,
    );
  }
});
