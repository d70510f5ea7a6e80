import { expect, test } from "vitest";
import { PipelineState } from "../../../src/queue/pipeline/pipelineState.ts";

const run = {
  ...{ format: 1, runId: "0198c2f0-0000-7000-8000-000000000001", agent: { file_path: "a.ts", name: "A" } },
  ...{
    task: {},
    args: [],
    retries: 0,
    timeoutMs: null,
    memoryMb: 1,
    logMb: 1,
    resultMb: 1,
    checkpoint: null,
  },
};
const first = (id: string, runs: object) =>
  JSON.stringify({
    pipeline: {
      ...{ format: 1, steps: [{ id, agent: "a.ts#A", task: {} }] },
      input: null,
      priority: 0,
      runs,
    },
  });

test("a pipeline whose step has no run is none", () => {
  expect(PipelineState.of([first("one", { one: run })])).not.toBeNull();
  expect(PipelineState.of([first("constructor", { constructor: run })])).not.toBeNull();
  expect(PipelineState.of([first("constructor", {})])).toBeNull();
  expect(PipelineState.of([first("one", { two: run })])).toBeNull();
});

test("what is told of a step that the pipeline does not have counts for nothing", () => {
  const told = ["constructor", "__proto__", "two"].flatMap((id) => [
    JSON.stringify({ begun: { id, task: {}, args: [] } }),
    JSON.stringify({ ended: { id, status: "failed" } }),
  ]);
  const state = PipelineState.of([first("one", { one: run }), ...told]);
  expect(state?.atWork).toEqual([]);
  expect(state?.failures).toEqual([]);
  expect(state?.inTurn.begin.map(({ id }) => id)).toEqual(["one"]);
});
