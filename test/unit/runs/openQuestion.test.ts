import { expect, test } from "vitest";
import type { RunEvent } from "../../../src/model/runRecord.ts";
import { openQuestion } from "../../../src/runs/control/openQuestion.ts";

test("what a worker that is gone has asked is open no more once another one has the run", () => {
  const stamp = { runId: "r", time: "2026-01-01T00:00:00.000Z" };
  const started: RunEvent = { ...stamp, type: "started", pid: 1, node: "24" };
  const asked: RunEvent = { ...stamp, type: "question", question: { kind: "approve", message: "Sure?" } };
  expect(openQuestion([started, asked])).toMatchObject({ question: { message: "Sure?" } });
  expect(openQuestion([started, asked, started])).toBeNull();
  expect(openQuestion([started, asked, started, asked])).toMatchObject({ question: { message: "Sure?" } });
});
