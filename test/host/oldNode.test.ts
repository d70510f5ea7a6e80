import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

test("the command line says under a Node that is too old what it needs", async () => {
  const old = await workspace.write(
    "old.cjs",
    `Object.defineProperty(process.versions, "node", { value: "18.20.8" });`,
  );
  await workspace.write("a.mjs", `export class A { run() {} }`);
  const args = ["--require", old, join(dist, "cli.cjs"), "run", "a.mjs#A", "--task", "1"];
  const child = spawn(process.execPath, args, { cwd: workspace.root });
  const [code, err] = await Promise.all([
    new Promise((resolve) => child.once("close", resolve)),
    text(child.stderr),
  ]);
  expect({ code, err }).toEqual({
    code: 2,
    err: "opsvi-agents needs Node 20.19 or newer, and this is Node 18.20.8.\n",
  });
});
