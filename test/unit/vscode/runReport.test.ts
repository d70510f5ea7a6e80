import { describe, expect, it } from "vitest";
import type { Finished, Started } from "../../../src/model/runRecord.ts";
import { lineOf, sentenceOf } from "../../../src/vscode/run/runReport.ts";

function finished(fields: Partial<Finished>): Finished {
  return {
    type: "finished",
    runId: "0199aaaa-0000-7000-8000-000000000000",
    time: "2026-03-01T12:00:00.000Z",
    status: "failed",
    checkpointId: null,
    attempts: 1,
    durationMs: 1234,
    warnings: [],
    ...fields,
  };
}

describe("The notification at the end of a run", () => {
  it("says how long a success took, and after how many attempts", () => {
    expect(sentenceOf("FaqAgent", finished({ status: "success", attempts: 3 }))).toBe(
      "FaqAgent finished in 1.2 s after 3 attempts.",
    );
  });

  it("names the cause of an interruption once", () => {
    const error = {
      name: "InterruptedError",
      message: "interrupted (host crashed): the process ended with SIGKILL",
    };
    expect(sentenceOf("FaqAgent", finished({ status: "interrupted", error }))).toBe(
      "FaqAgent was interrupted (host crashed): the process ended with SIGKILL",
    );
  });

  it("shows the first line of an error, as far as there is room", () => {
    const lines = { name: "Error", message: "no answer\n    at somewhere" };
    expect(sentenceOf("FaqAgent", finished({ error: lines }))).toBe("FaqAgent failed: no answer");
    const long = { name: "Error", message: "x".repeat(5000) };
    expect(sentenceOf("FaqAgent", finished({ error: long }))).toMatch(/^FaqAgent failed: x{300}…$/);
  });
});

describe("The last line of a run's log", () => {
  it.each([
    ["signal", "cancelled in 1.2 s, stopped by itself, when it was told to"],
    ["thread", "cancelled in 1.2 s, stopped by ending its thread"],
    ["process", "cancelled in 1.2 s, stopped by ending its process"],
    [undefined, "cancelled in 1.2 s"],
  ] as const)("says how it was stopped: %s", (stopped, line) => {
    expect(lineOf(finished({ status: "cancelled", ...(stopped && { stopped }) }))).toBe(line);
  });
});

describe("The line of a run that begins", () => {
  const started: Started = {
    ...{ type: "started", runId: "r", time: "2026-03-01T12:00:00.000Z", pid: 7, node: "24.1.0" },
  };

  it.each([
    [{}, "started: process 7, Node.js 24.1.0"],
    [{ worker: "build-1" }, "started: worker build-1, process 7, Node.js 24.1.0"],
    [
      { worker: "build-2", checkpoint: "c1" },
      "goes on with worker build-2 from checkpoint c1: process 7, Node.js 24.1.0",
    ],
  ])("says where: %j", (where, line) => {
    expect(lineOf({ ...started, ...where })).toBe(line);
  });
});
