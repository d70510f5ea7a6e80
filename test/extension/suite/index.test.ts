import assert from "node:assert/strict";
import * as vscode from "vscode";
import { agent, api, closeEditors, eventually, file, picture, remove, root, write } from "./support.ts";

const path = "src/live/liveAgent.ts";
const text = `export class LiveAgent {
  async execute(task: { query: string }) {
    return task.query;
  }
}
`;

describe("the index", () => {
  after(async () => {
    await closeEditors();
    await remove("src/live");
  });

  it("shows the agents of the folder, each capability with the method that proves it", async () => {
    await agent("ResearchAgent");
    const [row, ...rest] = await picture("ResearchAgent");
    assert.equal(row, "ResearchAgent — src/research/researchAgent.ts");
    assert.ok(
      rest.some((line) => /^ {2}task_execution — executeTask · line \d+$/.test(line)),
      rest.join("\n"),
    );
    assert.ok(rest.includes("  ToolAgent — extends · src/core/toolAgent.ts"), rest.join("\n"));
    assert.deepEqual(await picture("AgentError"), []);
  });

  it("follows a new file, an unsaved edit, and a deletion", async () => {
    const { index } = await api();
    await index.ready();
    await write(path, text);
    await eventually("the new class is shown", async () => (await picture("LiveAgent")).length > 0);
    assert.deepEqual(await picture("LiveAgent"), [
      `LiveAgent — ${path}`,
      "  task_execution — execute · line 2",
    ]);

    const document = await vscode.workspace.openTextDocument(file(path));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "// moved\n\n");
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    await eventually("the unsaved lines count", async () =>
      (await picture("LiveAgent")).includes("  task_execution — execute · line 4"),
    );

    await closeEditors();
    await eventually("the disk counts again", async () =>
      (await picture("LiveAgent")).includes("  task_execution — execute · line 2"),
    );
    await remove("src/live");
    await eventually("the class is gone", async () => (await picture("LiveAgent")).length === 0);
  });

  it("draws no rows anew where none has changed", async () => {
    const { index, view } = await api();
    await write(path, text);
    await eventually("the new class is shown", async () => (await picture("LiveAgent")).length > 0);
    await index.settled();
    let drawn = 0;
    let indexed = 0;
    const listening = [view.onDidChangeTreeData(() => (drawn += 1)), index.onDidChange(() => (indexed += 1))];
    await write(path, `${text}// The end.\n`);
    await eventually("it is indexed", () => indexed > 0);
    assert.equal(drawn, 0);
    await write(path, `// The beginning.\n${text}`);
    await eventually("the rows are drawn", () => drawn > 0);
    for (const each of listening) each.dispose();
    await remove("src/live");
    await eventually("the class is gone", async () => (await picture("LiveAgent")).length === 0);
  });

  it("follows the settings at once", async () => {
    const { index } = await api();
    await write(path, "export class LiveClerk { tell(text: string) {} }\n");
    await index.settled();
    assert.deepEqual(await picture("LiveClerk"), []);
    const settings = vscode.workspace.getConfiguration("opsviAgents.index", root());
    const { Workspace } = vscode.ConfigurationTarget;
    try {
      await settings.update("agentNames", ["*Clerk"], Workspace);
      await eventually("the class is shown", async () => (await picture("LiveClerk")).length > 0);
      await settings.update("capabilities", { messaging: ["tell"] }, Workspace);
      await eventually("its capability is shown", async () =>
        (await picture("LiveClerk")).includes("  messaging — tell · line 1"),
      );
    } finally {
      await settings.update("agentNames", undefined, Workspace);
      await settings.update("capabilities", undefined, Workspace);
      await remove(".vscode/settings.json");
    }
    await eventually("the class is gone", async () => (await picture("LiveClerk")).length === 0);
    await remove("src/live");
  });

  it("knows which files hold agents and offers Run, Debug, Migrate and Checkpoints above a class", async () => {
    const { uri } = await agent("ResearchAgent");
    await vscode.window.showTextDocument(uri);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      uri,
      100,
    );
    const ours = lenses.filter(({ command }) => command?.command.startsWith("opsviAgents."));
    assert.deepEqual(
      ours.map(({ command }) => command?.title),
      ["$(play) Run", "Debug", "Migrate", "Checkpoints"],
    );
  });
});
