import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { errors } from "playwright-core";
import { expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

const agents = `import { BaseAgent } from "../opsvi-agents/core.mjs";

class AskingAgent extends BaseAgent {
  constructor(question) {
    super({ name: "asking", agentType: "AskingAgent" });
    this.question = question;
  }

  async executeImpl(task, context) {
    const given = await context.ask(this.question);
    return { length: given.length, given: this.question.secret ? "kept" : given };
  }
}

export class ShelfAgent extends AskingAgent {
  constructor() {
    super({ kind: "text", message: "Which shelf?", default: "left" });
  }
}

export class BoxAgent extends AskingAgent {
  constructor() {
    super({ kind: "text", message: "Which shelf?" });
  }
}

export class DoorAgent extends AskingAgent {
  constructor() {
    super({ kind: "text", message: "Which code?", secret: true });
  }
}
`;
const task = (label: string, name: string) => ({
  ...{ type: "agent", label, agent: `src/agents.mjs#${name}`, task: {}, retries: 0 },
  problemMatcher: [],
});
const vscode = useVSCode("asking", {
  // Rows that can be read.
  settings: { "terminal.integrated.gpuAcceleration": "off" },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/agents.mjs": agents,
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "boxes.jsonl": '{"agent":"src/agents.mjs#BoxAgent","task":{}}\n'.repeat(3),
    ".vscode/tasks.json": JSON.stringify({
      version: "2.0.0",
      tasks: [task("shelf", "ShelfAgent"), task("door", "DoorAgent")],
    }),
  },
});
const slow = { timeout: 60_000, interval: 200 };

const terminal = async (): Promise<string> =>
  (await vscode.workbench.page.locator(".xterm-rows:visible > div").allInnerTexts())
    .join("\n")
    .replaceAll("\u00a0", " ");

/** Right after the window has opened VS Code may close its list of tasks again. */
async function start(label: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await vscode.workbench.run("Tasks: Run Task");
    try {
      await vscode.workbench.quickInput.pick(label, label, 5_000);
      return;
    } catch (error) {
      if (attempt === 3 || !(error instanceof errors.TimeoutError)) throw error;
      await vscode.workbench.page.keyboard.press("Escape");
    }
  }
}

it("A task's terminal says how its agent is answered, and takes Enter for that", async () => {
  const { workbench } = vscode;
  await start("shelf");
  await expect.poll(terminal, slow).toContain("Press Enter here to answer");
  await workbench.screenshot("task-asks");
  await workbench.page.locator(".terminal-wrapper.active .xterm-screen").click();
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => workbench.quickInput.title(), slow).toBe("ShelfAgent asks");
  expect(await workbench.quickInput.message()).toContain("Which shelf?");
  expect(await workbench.quickInput.input.inputValue()).toBe("left");
  await workbench.quickInput.answer("the upper one");
  await expect.poll(terminal, slow).toContain("answered: the upper one");
  await expect.poll(terminal, slow).toContain('"length": 13');
  await workbench.notifications.clear();
});

it("A secret is asked for in a box that hides it, by a notification too, and is written nowhere", async () => {
  const { workbench } = vscode;
  await start("door");
  await workbench.notifications.press("DoorAgent asks: Which code?", "Answer…");
  await workbench.quickInput.shown();
  expect(await workbench.quickInput.input.getAttribute("type")).toBe("password");
  await workbench.quickInput.answer("open-sesame-7");
  await expect.poll(terminal, slow).toContain('"length": 13');
  expect(await terminal()).not.toContain("sesame");
  const files = await readdir(vscode.workspace.path(".proj-intel"), { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile()))
    expect(readFileSync(`${file.parentPath}/${file.name}`, "utf8")).not.toContain("sesame");
});

it("Runs of a batch that ask are told together, and answered from their rows", async () => {
  const { workbench } = vscode;
  await workbench.notifications.clear();
  await workbench.run("Agents: Run File of Tasks…");
  await workbench.quickInput.pick("boxes.jsonl");
  await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run 3 tasks: how many at a time");
  await workbench.quickInput.answer("3");
  // On a slow machine one may ask long before the others.
  const sentence = /[23] runs of a batch ask\./;
  await workbench.notifications.message(sentence);
  await workbench.screenshot("batch-asks");
  const toasts = workbench.page.locator(".notifications-toasts .notification-list-item");
  expect(await toasts.filter({ hasText: "BoxAgent asks" }).count()).toBeLessThan(2);
  await workbench.notifications.press(sentence, "Show");
  await expect
    .poll(async () => (await runRows(vscode))[0], slow)
    .toMatch(/^▸ 3 tasks for BoxAgent {2}0 of 3 done · 3 waiting for an answer/);
  const view = await workbench.runs();
  await view.expand("3 tasks for BoxAgent");
  await view.chooseFromMenu("BoxAgent", "Answer…");
  await workbench.quickInput.answer("the lower one");
  await expect
    .poll(async () => (await runRows(vscode))[0], slow)
    .toContain("1 of 3 done · 2 waiting for an answer");
});
