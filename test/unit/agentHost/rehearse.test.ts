import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { rehearse } from "../../../src/agentHost/rehearse.ts";

test("a rehearsal executes an agent of our own, and leaves neither a file nor a word behind", async () => {
  const written = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  const left = process.getActiveResourcesInfo().sort();
  expect(await rehearse(new AbortController().signal)).toMatchObject({
    status: "success",
    output: { task: { text: "none" } },
    warnings: [],
  });
  expect(process.getActiveResourcesInfo().sort()).toEqual(left);
  for (const stream of written) expect(stream).not.toHaveBeenCalled();
  expect(existsSync(join(import.meta.dirname, "../../../src/agentHost/.proj-intel"))).toBe(false);
});

test("it gives way to a run that has come, of which it would be a part otherwise", async () => {
  const run = new AbortController();
  const left = process.getActiveResourcesInfo().sort();
  const rehearsal = rehearse(run.signal);
  run.abort();
  expect(process.getActiveResourcesInfo().sort()).toEqual(left);
  await expect(rehearsal).rejects.toThrow("aborted");
});
