import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

const AGENTS = `import { BaseAgent } from "../opsvi-agents/core.mjs";

export class CountAgent {
  execute(task) {
    return { sum: task.upTo };
  }
}

export class CarefulAgent extends BaseAgent {
  constructor() {
    super({ name: "careful", agentType: "CarefulAgent" });
  }

  async executeImpl(task, context) {
    return { shelf: await context.ask({ kind: "choose", message: "Which shelf?", options: ["left", "right"] }) };
  }
}
`;
const step = (id: string, name: string, task: unknown) => ({ id, agent: `src/agents.mjs#${name}`, task });
const steps = [step("count", "CountAgent", { upTo: 4 }), step("shelve", "CarefulAgent", {})];

const vscode = useVSCode("pipelineRuns", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "src/agents.mjs": AGENTS,
    "shelves.agents.json": `${JSON.stringify({ steps }, null, 2)}\n`,
  },
});
const slow = { timeout: 60_000, interval: 200 };

const rows = () => runRows(vscode);

it("A pipeline shows its steps below it, waits with the one that asks, and is answered by its row", async () => {
  const { workbench } = vscode;
  await workbench.openFile("shelves.agents.json");
  await workbench.run("Agents: Run Pipeline…");
  await expect
    .poll(rows, slow)
    .toEqual([
      "▾ shelves  shelve · asks: Which shelf?",
      "  CountAgent  count · TIME · CLOCK",
      "  CarefulAgent  shelve · asks: Which shelf?",
    ]);
  await workbench.screenshots("pipeline-waits");
  const view = await workbench.runs();
  await view.chooseFromMenu("shelves", "Answer…");
  await workbench.quickInput.pick("right", "right");
  await expect
    .poll(rows, slow)
    .toEqual([
      "▾ shelves  TIME · CLOCK",
      "  CountAgent  count · TIME · CLOCK",
      "  CarefulAgent  shelve · TIME · CLOCK",
    ]);
  await view.chooseFromMenu("CarefulAgent", "Open Shared Context");
  await expect.poll(() => workbench.editor.tab(), slow).toBe("shelve shared context.json");
  const text = (await workbench.editor.lines()).join("\n");
  expect(text).toContain('"sum": 4');
  expect(text).not.toContain('"shelf"');
  await view.fold("shelves");
  expect(await rows()).toEqual(["▸ shelves  TIME · CLOCK"]);
});
