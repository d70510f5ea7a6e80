import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { UserError } from "../../../src/model/userError.ts";
import { PatternService } from "../../../src/runs/patterns/service.ts";
import { ErrorPatternLearner } from "../../../src/runtime/index.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "patterns-")));
  mkdirSync(join(root, ".proj-intel/runs"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const runId = "0199aaaa-0000-7000-8000-000000000001";

function failed(stack: string): string {
  const error = new Error("disk 7 is full");
  error.stack = `Error: disk 7 is full\n    at store (${join(root, "disk.ts")}:3:1)`;
  const learner = new ErrorPatternLearner(join(root, ".proj-intel"));
  const signature = learner.recordError(error, { agent: "Disk", runId });
  learner.flush();
  const common = { runId, time: "2026-01-01T00:00:00.000Z" };
  const lines = [
    {
      ...common,
      type: "queued",
      agent: { file_path: "disk.ts", name: "Disk" },
      task: 1,
      retries: 0,
      timeoutMs: null,
    },
    {
      ...{ ...common, type: "finished", status: "failed", checkpointId: null, attempts: 1, durationMs: 1 },
      ...{ warnings: [], error: { name: "Error", message: "disk 7 is full", stack, signature } },
    },
  ];
  writeFileSync(
    join(root, `.proj-intel/runs/${runId}.jsonl`),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  return signature;
}

it("tells the runs of a pattern and where its frames are, also right after it has started", async () => {
  writeFileSync(join(root, "disk.ts"), "");
  const signature = failed(`Error: disk 7 is full\n    at store (${join(root, "disk.ts")}:3:1)`);
  const detail = await new PatternService().detail(root, "folder", signature);
  expect(detail).toMatchObject({
    ...{ folder: "folder", signature, runCount: 1 },
    runs: [{ runId, agent: "Disk", state: "failed" }],
    frames: [{ text: "store (disk)", place: "disk.ts:3" }],
  });
  expect(await new PatternService().place(root, signature, 0)).toEqual({ file: "disk.ts", line: 3 });
});

it("opens nothing outside the folder, whatever the record of a run says", async () => {
  const signature = failed(`Error: disk 7 is full\n    at store (${join(root, "../disk.ts")}:3:1)`);
  expect(await new PatternService().place(root, signature, 0)).toBeNull();
  expect(await new PatternService().place(root, signature, 99)).toBeNull();
  expect(await new PatternService().detail(root, "folder", "__proto__")).toBeNull();
});

it("answers edits with what takes them back, and says in a sentence what cannot be", async () => {
  const signature = failed("");
  const service = new PatternService();
  const back = await service.apply(root, { kind: "rename", signature, title: "Full disk" });
  const titles = async () => {
    await service.read(root);
    return (await service.allOf(root, "f")).map(({ title }) => title);
  };
  expect(await titles()).toEqual(["Full disk"]);
  await service.apply(root, back);
  expect(await titles()).toEqual([null]);
  await expect(service.apply(root, { kind: "merge", signature, into: signature })).rejects.toThrow(UserError);
  writeFileSync(join(root, ".proj-intel/error_patterns.json"), "{");
  await expect(service.apply(root, back)).rejects.toThrow(/left alone: it is not complete JSON/);
  expect((await service.read(root)).notes).toMatchObject([expect.stringMatching(/left alone/)]);
});
