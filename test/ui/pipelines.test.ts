import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const AGENTS = `export class CountAgent {
  execute(task: { upTo: number }) {
    return { sum: (task.upTo * (task.upTo + 1)) / 2 };
  }
}

export class WaitAgent {
  async execute(task: { seconds: number }) {
    await new Promise((resolve) => setTimeout(resolve, task.seconds * 1000));
    return { waited: task.seconds };
  }
}

export class DoubleAgent {
  execute(task: { value: number }) {
    return { doubled: task.value * 2 };
  }
}
`;

const pipeline = (...steps: object[]): string => `${JSON.stringify({ steps }, null, 2)}\n`;
const step = (id: string, name: string, task: unknown) => ({ id, agent: `src/agents.ts#${name}`, task });

const vscode = useVSCode("pipelines", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true }',
    "src/agents.ts": AGENTS,
    "sum.agents.json": pipeline(step("count", "CountAgent", { upTo: 4 }), {
      parallel: [
        step("double", "DoubleAgent", { value: { $from: "/count/sum" } }),
        step("wait", "WaitAgent", { seconds: 0.1 }),
      ],
    }),
    "wrong.agents.json": pipeline(
      step("first", "CountAgent", { upTo: { $from: "/second/sum" } }),
      step("second", "NobodyAgent", {}),
      { id: "third", agent: "src/none.ts#A", task: {} },
    ),
    "long.agents.json": pipeline(
      step("wait", "WaitAgent", { seconds: 120 }),
      step("count", "CountAgent", { upTo: 1 }),
    ),
    "new.agents.json": '{\n  "steps": [\n    { "id": "count", "agent":  }\n  ]\n}\n',
    "refer.agents.json": [
      '{ "input": { "value": 1 },',
      '  "steps": [',
      '    { "id": "count", "agent": "src/agents.ts#CountAgent", "task": { "upTo": 1 } },',
      '    { "id": "double", "agent": "src/agents.ts#DoubleAgent",',
      '      "task": { "value": { "$from":  } } },',
      '    { "id": "later", "agent": "src/agents.ts#CountAgent", "task": { "upTo": 1 } }',
      "  ] }\n",
    ].join("\n"),
    ".proj-intel/mcp.json": "{\n  \n}\n",
  },
});
const slow = { timeout: 60_000, interval: 200 };

const rows = async (): Promise<string[]> => {
  const view = await vscode.workbench.runs();
  return view.picture();
};
const suggestions = () => vscode.workbench.page.locator(".suggest-widget.visible .monaco-list-row");
const suggested = async (): Promise<string[]> =>
  (await suggestions().allTextContents()).map((text) => text.trim());
const recorded = async () =>
  (await readdir(vscode.workspace.path(".proj-intel/runs")).catch(() => [])).length;

async function runByLens(): Promise<void> {
  const lens = vscode.workbench.page.locator(".codelens-decoration").getByText("Run Pipeline").first();
  const before = await recorded();
  // A click while it is being drawn anew is lost.
  for (let attempt = 1; ; attempt += 1) {
    await lens.click(slow);
    try {
      await expect.poll(recorded, { timeout: 10_000, interval: 100 }).toBeGreaterThan(before);
      return;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

describe("A pipeline in the editor", () => {
  it("runs from above its first line, and shows the results of its steps", async () => {
    const { workbench } = vscode;
    await workbench.openFile("sum.agents.json");
    await runByLens();
    await workbench.notifications.message(/sum finished in/);
    await workbench.notifications.press(/sum finished in/, "Show Result");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('"doubled": 20');
    await workbench.screenshots("pipeline-result");
    await expect.poll(async () => (await rows()).join("\n"), slow).toMatch(/sum/);
    await workbench.screenshots("pipeline-runs");
  });

  it("marks results that are not there in time, files that are missing and agents that nobody knows", async () => {
    const { workbench } = vscode;
    await workbench.run("View: Close All Editors");
    await workbench.openFile("wrong.agents.json");
    await workbench.run("Problems: Focus on Problems View");
    const marks = workbench.page.locator(".markers-panel .monaco-list-row");
    const told = async () => (await marks.allTextContents()).join("\n");
    for (const sentence of [
      'The step "second" has not ended when this one begins',
      "The index finds no agent NobodyAgent in src/agents.ts",
      "It names the file src/none.ts, which is not there",
    ])
      await expect.poll(told, slow).toContain(sentence);
    expect(await told()).not.toContain("Unable to load schema");
    await workbench.screenshots("pipeline-problems");
    await workbench.run("Agents: Run Pipeline…");
    expect(await workbench.notifications.message(/wrong\.agents\.json:\d+/)).toContain("steps[0].task.upTo");
  });

  it("completes the agents of the folder, and the fields of a step", async () => {
    const { workbench } = vscode;
    await workbench.run("View: Close All Editors");
    await workbench.openFile("new.agents.json", 3);
    await workbench.page.keyboard.press("End");
    for (let back = 0; back < 2; back += 1) await workbench.page.keyboard.press("ArrowLeft");
    await workbench.page.keyboard.press("Control+Space");
    await expect.poll(async () => (await suggested()).join(), slow).toContain("DoubleAgent");
    await workbench.screenshots("pipeline-completion");
    await workbench.editor.type("Dou");
    await expect.poll(async () => (await suggested()).length, slow).toBe(1);
    await workbench.page.keyboard.press("Enter");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('"agent": "src/agents.ts#DoubleAgent"');
    await workbench.editor.type(", ");
    await workbench.page.keyboard.press("Control+Space");
    await expect.poll(async () => (await suggested()).join(), slow).toContain("continueOnFailure");
    await workbench.page.keyboard.press("Escape");
    await workbench.run("File: Revert File");
  });

  it("completes the results that a step can refer to: those of earlier steps, and the input", async () => {
    const { workbench } = vscode;
    await workbench.run("View: Close All Editors");
    await workbench.openFile("refer.agents.json", 5);
    await workbench.page.keyboard.press("End");
    for (let back = 0; back < 7; back += 1) await workbench.page.keyboard.press("ArrowLeft");
    await workbench.page.keyboard.press("Control+Space");
    await expect.poll(async () => (await suggested()).join(), slow).toContain("/count");
    const offered = (await suggested()).join();
    expect(offered).toContain("/input");
    expect(offered).not.toContain("/later");
    await workbench.editor.type("cou");
    await expect.poll(async () => (await suggested()).length, slow).toBe(1);
    await workbench.page.keyboard.press("Enter");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('{ "$from": "/count" }');
    await workbench.run("File: Revert File");
  });

  it("is stopped by its row, with the step that is at work, and resumed", async () => {
    const { workbench, workspace } = vscode;
    await workbench.run("View: Close All Editors");
    await workbench.openFile("long.agents.json");
    await workbench.page
      .locator(".editor-actions")
      .getByRole("button", { name: /^Run Pipeline…/ })
      .first()
      .click();
    await expect.poll(async () => (await rows()).join("\n"), slow).toMatch(/long\b.*wait/);
    const view = await workbench.runs();
    await view.row("long").hover();
    await view.row("long").getByRole("button", { name: "Stop" }).click();
    await expect.poll(async () => (await rows()).filter((row) => /cancelled/.test(row)).length, slow).toBe(2);
    await workspace.write(
      "long.agents.json",
      pipeline(step("wait", "WaitAgent", { seconds: 3 }), step("count", "CountAgent", { upTo: 1 })),
    );
    await view.chooseFromMenu("long", "Resume");
    await expect
      .poll(async () => (await rows()).filter((row) => /cancelled · resumed/.test(row)).length, slow)
      .toBe(1);
    await expect
      .poll(async () => (await rows()).slice(0, 3).join("\n"), slow)
      .toMatch(/^▾ long {2}\d.*\n {2}WaitAgent {2}wait · \d.*\n {2}CountAgent {2}count · \d/);
  });
});

it(".proj-intel/mcp.json is completed by its schema", async () => {
  const { workbench } = vscode;
  await workbench.run("View: Close All Editors");
  await workbench.openFile(".proj-intel/mcp.json", 2);
  await workbench.page.keyboard.press("End");
  await workbench.page.keyboard.press("Control+Space");
  await expect.poll(async () => (await suggested()).join(), slow).toContain("agents");
  await workbench.page.keyboard.press("Escape");
});
