import { expect, test } from "vitest";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

test("tells what a checkpoint would keep of an agent at work, without secrets", async () => {
  await workspace.write(
    "a.mjs",
    `export class CountingAgent {
      seen = new Map();
      apiKey = "sk-ant-REDACTED";
      async execute() {
        for (let i = 1; ; i += 1) {
          this.seen.set("step", i);
          console.log("step", i);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }`,
  );
  const run = workspace.start("a.mjs#CountingAgent");
  await run.until("log");
  const first = await workspace.service.liveState(run.id);
  expect(first.redactions).toBe(1);
  expect(JSON.stringify(first)).not.toContain("abcdefghij");
  expect(JSON.stringify(first.context)).toMatch(/"\$type":"Map","value":\[\["step",\d+\]\]/);
  await run.until("log", ({ text }) => text.includes("step 9"));
  expect(await workspace.service.liveState(run.id)).not.toEqual(first);
  await run.cancel();
  await expect(workspace.service.liveState(run.id)).rejects.toThrow(/is not at work in this process/);
});

test("says so where the agent's code does not let go of its thread", async () => {
  await workspace.write("a.mjs", `export class BusyAgent { execute() { console.log("busy"); for (;;); } }`);
  const run = workspace.start("a.mjs#BusyAgent");
  await run.until("log");
  await expect(workspace.service.liveState(run.id)).rejects.toThrow(/does not let go of its thread/);
  await run.cancel();
});
