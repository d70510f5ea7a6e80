import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CheckpointClient } from "../../src/checkpoints/client.ts";
import { CheckpointQuery } from "../../src/model/checkpoints.ts";
import { UserError } from "../../src/model/userError.ts";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
let client: CheckpointClient;
afterEach(() => client.dispose());

const deaths = [
  ['throw new Error("out of luck")', "out of luck"],
  ["process.exit(3)", "exit code 3"],
  ["const all = []; for (;;) all.push(new Array(1e5).fill(all.length))", "memory limit"],
] as const;

test.each(deaths)(
  "a thread that ends with %s is told in a sentence, and the next call has a new one",
  async (death, why) => {
    const { id } = new FileCheckpointStore(join(workspace.root, ".proj-intel", "checkpoints")).save({
      ...{ agent: "A", agentType: "custom", label: "kept", state: "ready", context: { n: 1 }, task: null },
      ...{ parentId: null, runId: null },
    });
    const real = JSON.stringify(join(dist, "checkpoints.cjs"));
    const worker = await workspace.write(
      "dying.cjs",
      `const { existsSync, writeFileSync } = require("node:fs");
const { parentPort } = require("node:worker_threads");
const mark = __filename + ".died";
if (!existsSync(mark)) parentPort.on("message", ({ m }) => {
  if (m !== "detail") return;
  writeFileSync(mark, "");
  ${death};
});
require(${real});
`,
    );
    let told = 0;
    client = new CheckpointClient(worker, () => (told += 1));
    await client.open([{ folder: "f", path: workspace.root, name: "f" }]);
    await client.call.query(CheckpointQuery.parse({}));
    const failed = await client.call.detail({ folder: "f", id }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UserError);
    expect((failed as Error).message).toMatch(
      new RegExp(`^Reading checkpoints stopped \\(.*${why}.*\\)\\. Try again: it starts anew\\.$`),
    );
    expect(existsSync(`${worker}.died`)).toBe(true);
    // It knows the folders, and tells that there is something to list.
    const before = told;
    expect(await client.call.detail({ folder: "f", id })).toMatchObject({ summary: { id, label: "kept" } });
    await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(before);
    expect((await client.call.query(CheckpointQuery.parse({}))).checkpoints).toBe(1);
  },
  60_000,
);
