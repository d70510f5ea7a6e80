import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const vscode = useVSCode("savedTasks", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true }',
    "src/greetAgent.ts":
      "export class GreetAgent {\n  execute(task: { greet: string }) {\n    return { greeting: `Hello ${task.greet}` };\n  }\n}\n\nexport class CountAgent {\n  execute(task: { upTo: number }) {\n    return { sum: (task.upTo * (task.upTo + 1)) / 2 };\n  }\n}\n",
  },
});
const slow = { timeout: 30_000, interval: 200 };

const rows = async () => {
  const view = await vscode.workbench.runs();
  return (await view.picture()).map((row) => row.split("  ")[0]);
};
const saved = async (): Promise<unknown> =>
  JSON.parse(await vscode.workspace.read(".proj-intel/tasks.json").catch(() => '{"tasks": []}'));

describe("Run Task… by key", () => {
  it("runs the class at the cursor", async () => {
    const { workbench } = vscode;
    await workbench.openFile("src/greetAgent.ts", 8);
    await workbench.editor.focus();
    // The key means nothing before the index is there.
    await workbench.page.locator(".codelens-decoration").getByText("Run").first().waitFor();
    await workbench.page.keyboard.press("Control+;");
    await workbench.page.keyboard.press("g");
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run CountAgent: upTo");
    await workbench.quickInput.answer("4");
    await expect.poll(rows, slow).toEqual(["CountAgent"]);
  });

  it("runs the selected row of the Agents view", async () => {
    const { workbench } = vscode;
    const agents = await workbench.agents();
    await agents.row("GreetAgent").click();
    await agents.focus();
    await workbench.page.keyboard.press("Control+;");
    await workbench.page.keyboard.press("g");
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run GreetAgent: greet");
    await workbench.quickInput.answer("Ada");
    await expect.poll(rows, slow).toEqual(["GreetAgent", "CountAgent"]);
  });

  it("stands in the title of an editor with agents", async () => {
    const { workbench } = vscode;
    await workbench.openFile("src/greetAgent.ts", 2);
    await workbench.page
      .locator(".editor-actions")
      .getByRole("button", { name: /^Run Task…/ })
      .first()
      .click();
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run GreetAgent: greet");
    await workbench.quickInput.cancel();
  });
});

describe("Saved tasks", () => {
  it("are made of what was run, under a name", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    const view = await workbench.runs();
    await view.chooseFromMenu("GreetAgent", "Save Task As…");
    expect(await quickInput.title()).toBe("Save a task of GreetAgent");
    await quickInput.answer("The usual one");
    await expect.poll(saved, slow).toEqual({
      tasks: [{ name: "The usual one", agent: "src/greetAgent.ts#GreetAgent", task: { greet: "Ada" } }],
    });
  });

  it("are offered before a new one, and run without another question", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    await workbench.run("Agents: Run Task…");
    await quickInput.pick("GreetAgent");
    await expect.poll(() => quickInput.title(), slow).toBe("Run GreetAgent: task");
    await workbench.screenshot("saved-tasks");
    await quickInput.pick("The usual one");
    await expect.poll(rows, slow).toEqual(["GreetAgent", "GreetAgent", "CountAgent"]);
    await workbench.run("Agents: Run Task…");
    await quickInput.pick("GreetAgent");
    await quickInput.pick("New task…", "New");
    await expect.poll(() => quickInput.title(), slow).toBe("Run GreetAgent: greet");
    await quickInput.cancel();
  });

  it("are corrected as JSON where the agent takes other tasks now, and removed where they are offered", async () => {
    const { workbench, workspace } = vscode;
    const { quickInput } = workbench;
    const file = JSON.stringify({
      tasks: [{ name: "Old", agent: "src/greetAgent.ts#CountAgent", task: { upTo: "many" } }],
    });
    await workspace.write(".proj-intel/tasks.json", file);
    await workbench.run("Agents: Run Task…");
    await quickInput.pick("CountAgent");
    await quickInput.pick("Old");
    await expect.poll(() => quickInput.title(), slow).toBe("Run CountAgent: task");
    await expect.poll(() => quickInput.input.inputValue(), slow).toBe('{"upTo":"many"}');
    await quickInput.cancel();
    await workbench.run("Agents: Run Task…");
    await quickInput.pick("CountAgent");
    await quickInput.entry("Old").hover();
    await quickInput.entry("Old").getByRole("button", { name: "Remove this saved task" }).click();
    await expect.poll(saved, slow).toEqual({ tasks: [] });
    await expect.poll(() => quickInput.picks(), slow).toEqual(["New task…"]);
    await quickInput.cancel();
  });

  it("keep nobody from running an agent where their file is broken", async () => {
    const { workbench, workspace } = vscode;
    await workspace.write(".proj-intel/tasks.json", "{");
    await workbench.run("Agents: Run Task…");
    await workbench.quickInput.pick("CountAgent");
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run CountAgent: upTo");
    await workbench.notifications.message(/tasks\.json is not JSON/);
    await workbench.quickInput.cancel();
  });
});
