import { expect, test } from "vitest";
import type { RunEvent } from "../../../src/model/runRecord.ts";
import { remoteLine } from "../../../src/model/remoteRun.ts";

const question = { kind: "approve", message: "?" };
const error = { name: "Error", message: "no luck" };

test.each([
  { type: "started", pid: 1, node: "24.0.0" },
  { type: "checkpoint", id: "one", label: null },
  { type: "progress", fraction: 0.5 },
  { type: "log", stream: "stdout", text: "a\0b" },
  { type: "retry", attempt: 1, of: 2, delayMs: 5, error },
  { type: "tool", name: "add", ok: true, durationMs: 1 },
  { type: "usage", tokens: 1, cost: 0 },
  { type: "question", question },
  { type: "answer", question, answer: true, replayed: false },
])("a worker tells of a run what its agent host does: $type", (event) => {
  expect(remoteLine(JSON.stringify({ event }))).toMatchObject({ event: { type: event.type } });
});

const undone = { type: "fixUndone", solution: { signature: "a", fix: "b" }, reason: "failed" };
const forged: Partial<RunEvent>[] = [
  { type: "queued", agent: { file_path: "a.ts", name: "A" }, task: 1, retries: 0, timeoutMs: null },
  { type: "finished", status: "success", checkpointId: null, attempts: 1, durationMs: 1, warnings: [] },
  { type: "resumed", by: "other" },
];

test.each([...forged, undone])("it tells nothing of what whoever records the run writes: $type", (event) => {
  expect(remoteLine(JSON.stringify({ event }))).toBeNull();
});
