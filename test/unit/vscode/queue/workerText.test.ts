import { describe, expect, it } from "vitest";
import type { WorkerTold } from "../../../../src/model/workerTold.ts";
import { workerCommand } from "../../../../src/vscode/queue/workerCommand.ts";
import { workerText } from "../../../../src/vscode/queue/workerText.ts";

const told = "2026-01-02T03:04:05.000Z";
const worker: WorkerTold = {
  ...{ id: "build-1-0a1b2c3d", host: "build-1", pid: 77, node: "24.1.0", version: "0.1.0", agents: 5 },
  ...{ concurrency: 4, busy: 2, ended: 1, draining: false, restarts: 0, told, startedAt: told },
};
const now = Date.parse(told) + 3_400;

describe("The row of a worker", () => {
  it("tells its load, when it was heard of and its version; the rest is in its tooltip", () => {
    const { label, description, tooltip } = workerText(worker, now);
    expect(label).toBe("build-1-0a1b2c3d");
    expect(description).toBe("2 of 4 busy · heard of 3 s ago · 0.1.0");
    expect(tooltip).toEqual([
      "build-1-0a1b2c3d",
      "Machine build-1, process 77, Node.js 24.1.0, opsvi-agents 0.1.0",
      "Takes runs of 5 agents, 4 at a time",
      `1 run ended since ${new Date(told).toLocaleString()}`,
    ]);
  });

  it("tells that it ends, and that it began anew", () => {
    const { description, tooltip } = workerText({ ...worker, draining: true, restarts: 2 }, now);
    expect(description).toBe("2 of 4 busy · draining · heard of 3 s ago · 0.1.0");
    expect(tooltip.slice(4)).toEqual([
      "Takes no further run, and ends with those it has",
      "Began anew 2 times, because runs waited and it was given none",
    ]);
  });

  it("tells nothing of the future where the clock of its machine is ahead", () => {
    expect(workerText(worker, Date.parse(told) - 9_000).description).toContain("heard of 0 s ago");
  });
});

describe("The command that starts a worker", () => {
  const address = { kind: "redis", url: "redis://localhost:6379", name: "opsvi-agents" } as const;

  it("names the queue and the folder, and the name of the queue where it is not the usual one", () => {
    expect(workerCommand(address, "/home/ada/shop", "linux")).toBe(
      "opsvi-agents worker --queue redis://localhost:6379 --workspace /home/ada/shop",
    );
    expect(workerCommand({ ...address, name: "nightly" }, "C:\\shop", "win32")).toBe(
      "opsvi-agents worker --queue redis://localhost:6379 --queue-name nightly --workspace C:\\shop",
    );
  });

  it("lets no name of a folder do anything in a shell", () => {
    expect(workerCommand(address, "/ada's $(touch x) shop", "linux")).toMatch(
      / --workspace '\/ada'\\''s \$\(touch x\) shop'$/,
    );
    expect(workerCommand(address, "C:\\ada's $(calc)", "win32")).toMatch(
      / --workspace 'C:\\ada''s \$\(calc\)'$/,
    );
  });
});
