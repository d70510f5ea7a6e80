import { expect, test } from "vitest";
import type { Outcome, RunRequest } from "../../../../src/model/hostProtocol.ts";
import type { PipelineLine } from "../../../../src/model/remotePipeline.ts";
import type { RemoteRun } from "../../../../src/model/remoteRun.ts";
import type { PipelineQueue } from "../../../../src/runs/engine.ts";
import { PipelineEngine } from "../../../../src/runs/pipeline/pipelineEngine.ts";
import type { Run, StartRequest } from "../../../../src/runs/run.ts";

const runId = "0198c2f0-0000-7000-8000-000000000001";
const limits = { timeoutMs: null, memoryMb: 1, logMb: 1, resultMb: 1 };
const request: RunRequest = {
  ...{ runId, root: "/nowhere", file: "/nowhere/p.agents.json", name: "p", task: null, args: [] },
  ...{ retries: 0, checkpoint: null, ...limits },
};
const success: Outcome = { status: "success", checkpointId: null, attempts: 1, durationMs: 0, warnings: [] };

/** A pipeline that the queue has, with one step of the file. */
const lines = (file: string): PipelineLine[] => {
  const run: RemoteRun & { runId: string } = {
    ...{ format: 1, runId, agent: { file_path: file, name: "A" }, task: {}, args: [], retries: 0 },
    ...{ ...limits, checkpoint: null },
  };
  const steps = [{ id: "one", agent: `${file}#A`, task: {} }];
  return [
    { pipeline: { format: 1, steps, input: null, priority: 0, runs: { one: run } } },
    { begun: { id: "one", task: {}, args: [] } },
  ];
};

const followed = (
  told: readonly PipelineLine[],
  outcome: Outcome,
  start: (asked: StartRequest) => Run,
): Promise<Outcome> => {
  const queue: PipelineQueue = {
    async run(_request, _read, hear) {
      for (const line of told) hear(line);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return outcome;
    },
    cancel: () => Promise.resolve(),
    stepCancelled: () => Promise.resolve(),
  };
  const { signal } = new AbortController();
  const engine = new PipelineEngine({ start, resumes: runId, closing: signal, queue, isKept: () => false });
  return engine.run(request, () => undefined);
};

test("what goes wrong here with a step is told once its pipeline has ended", async () => {
  const start = () => {
    throw new TypeError("no disk");
  };
  await expect(followed(lines("a.ts"), success, start)).rejects.toThrow("no disk");
});

test("what the queue warns of is told", async () => {
  const outcome = await followed([], { ...success, warnings: ["Look here."] }, () => {
    throw new Error("nothing begins");
  });
  expect(outcome).toMatchObject({ status: "success", warnings: ["Look here."] });
});

test.each(["../outside.ts", "/etc/outside.ts", "other.agents.json"])(
  "a step of %s is not followed, as no agent is there",
  async (file) => {
    const outcome = await followed(lines(file), success, () => {
      throw new Error("nothing begins");
    });
    expect(outcome).toMatchObject({
      ...{ status: "failed", error: { message: expect.stringContaining("its agent's file") as string } },
    });
  },
);
