import { expect, it } from "vitest";
import type { Finished } from "../../../src/model/runRecord.ts";
import { runResult } from "../../../src/vscode/languageModel/runResult.ts";

const finished: Finished = {
  ...{ type: "finished", runId: "0199", time: "2026-01-01T00:00:00.000Z", status: "success" },
  ...{ attempts: 1, durationMs: 5, checkpointId: null, warnings: [] },
};

it("tells a language model the result without the secrets in it", () => {
  const key = "sk-abcdefghijklmnopqrstuvwxyz123456";
  const text = runResult("KeyAgent", {
    ...finished,
    output: { key, city: "Lima" },
    warnings: [`${key} is old`],
  });
  expect(text).toContain('"city": "Lima"');
  expect(text).toContain("Warning: [redacted] is old");
  expect(text).not.toContain(key);
});
