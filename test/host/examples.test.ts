import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { copyExamples } from "../vscode/examples.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const run = promisify(execFile);

/** What the examples' README offers "to start with". */
const tasks = [...readFileSync("examples/README.md", "utf8").matchAll(/^(src\/\S+#(\w+)) {2,}(\S.*)$/gm)].map(
  ([, reference = "", name = "", task = ""]) => ({ reference, name, task }),
);

/** It fails every time, and it loops for ever on purpose. */
const others = ["CertificateAgent", "QueueDrainAgent"];

test("every task of the examples' README does what it says", async () => {
  expect(tasks.length).toBeGreaterThan(15);
  await copyExamples(workspace.root);
  for (const { reference, name, task } of tasks.filter((each) => !others.includes(each.name))) {
    const brief = task.replace(/"seconds": \d+/, '"seconds": 0');
    const args = ["run", reference, "--task", brief, "--retries", "2", "--json"];
    if (name === "InvoiceAgent") args.push("--args", "[0.19]");
    const { stdout } = await run(process.execPath, [join(dist, "cli.cjs"), ...args], { cwd: workspace.root });
    const last: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(last, reference).toMatchObject({ type: "finished", status: "success" });
  }
}, 120_000);
