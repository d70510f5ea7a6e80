import { expect, it } from "vitest";
import type { RunEvent } from "../../../src/model/runRecord.ts";
import { summed, useIn } from "../../../src/runs/tools/toolUse.ts";

const common = { runId: "r", time: "2026-01-01T00:00:00.000Z" };
const queued = (name: string): RunEvent => ({
  ...{ type: "queued", ...common, agent: { file_path: "a.ts", name } },
  ...{ task: null, retries: 0, timeoutMs: null },
});
const tool = (name: string, ok: boolean): RunEvent => ({
  ...{ type: "tool", ...common, name, ok, durationMs: 1 },
  ...(!ok && { error: "no" }),
});
const calls = (name: string, failures = 0) => ({
  ...{ name, calls: 1, failures, refusals: 0, durationMs: 1, durations: [[1, 1]] as [number, number][] },
  ...(failures > 0 && { lastError: "no" }),
});

it("The tools of a run are those that its end tells, or its calls while it has none", () => {
  expect(useIn([])).toBeNull();
  expect(useIn([queued("A")])).toBeNull();
  expect(useIn([tool("x", true)])).toBeNull();
  expect(useIn([queued("A"), tool("x", false)])).toEqual({
    agent: { file_path: "a.ts", name: "A" },
    tools: [calls("x", 1)],
  });
  const end: RunEvent = {
    ...{ type: "finished", ...common, status: "success", checkpointId: null, attempts: 1 },
    ...{ durationMs: 1, warnings: [], tools: [calls("y")] },
  };
  expect(useIn([queued("A"), tool("x", false), end])?.tools).toEqual([calls("y")]);
});

it("Uses are summed by agent", () => {
  const agent = (name: string) => ({ file_path: "a.ts", name });
  const uses = [
    { agent: agent("A"), tools: [calls("x", 1)] },
    { agent: agent("B"), tools: [calls("x")] },
    { agent: agent("A"), tools: [calls("x"), calls("y")] },
  ];
  expect(summed(uses)).toEqual([
    {
      agent: agent("A"),
      tools: [{ ...calls("x", 1), calls: 2, durationMs: 2, durations: [[1, 2]] }, calls("y")],
    },
    { agent: agent("B"), tools: [calls("x")] },
  ]);
});
