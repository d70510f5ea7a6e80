import assert from "node:assert/strict";
import * as vscode from "vscode";
import { agent, api, closeEditors, eventually, file, picture, remove, target, write } from "./support.ts";
import { Commands, Settings } from "../../../src/vscode/contributions.ts";

/** The view's rows as VS Code gives them to the commands of their menus. */
async function row(name: string) {
  const { view } = await api();
  await agent(name);
  const found = view.getChildren().find(({ label }) => label === name);
  assert.ok(found, `${name} has no row`);
  return found;
}

async function lenses(uri: vscode.Uri): Promise<string[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uri,
    100,
  );
  const ours = ["Run", "Debug", "Migrate", "Migrated", "Checkpoints"];
  return all
    .map(({ command }) => command?.title.replace(/^\$\(\w+\) /, "") ?? "")
    .filter((title) => ours.includes(title) || /^\d+ checkpoints?$/.test(title));
}

describe("exploring", () => {
  after(async () => {
    await closeEditors();
    await remove("src/exploring");
    await remove(".proj-intel");
  });

  it("tells on the name of a class what it can do and why it counts, with links to our commands only", async () => {
    const { uri, record } = await agent("ResearchAgent");
    const document = await vscode.workspace.openTextDocument(uri);
    const line = document.lineAt(record.lineno - 1).text;
    const at = new vscode.Position(record.lineno - 1, line.indexOf("ResearchAgent") + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      at,
    );
    const ours = hovers
      .flatMap(({ contents }) => contents)
      .filter((content) => content instanceof vscode.MarkdownString)
      .find(({ value }) => value.includes("**Evidence**"));
    assert.ok(ours, "no hover tells the evidence");
    assert.match(ours.value, /^\*\*Capabilities\*\* task\\_execution \(`executeTask\(\)`\)/m);
    assert.match(ours.value, /\*\*Extends\*\* ToolAgent/);
    const links = [...ours.value.matchAll(/\(command:([\w.]+)\?/g)].map(([, command]) => command);
    assert.deepEqual(links, [
      Commands.runTask,
      Commands.migrate,
      Commands.showAgentCheckpoints,
      Commands.why,
    ]);

    const elsewhere = at.with({ character: line.indexOf("class") });
    const others = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      elsewhere,
    );
    const texts = others.flatMap(({ contents }) => contents.map((content) => JSON.stringify(content)));
    assert.ok(!texts.some((text) => text.includes("Evidence")));
  });

  it("finds agents among the symbols of the workspace, each once", async () => {
    const { uri } = await agent("ResearchAgent");
    await vscode.window.showTextDocument(uri);
    // TypeScript names the class too, once it has read the project.
    const search = (query: string) =>
      vscode.commands.executeCommand<vscode.SymbolInformation[]>(
        "vscode.executeWorkspaceSymbolProvider",
        query,
      );
    const found = await eventually("TypeScript knows the class", async () => {
      const symbols = await search("ReseaAgent");
      return symbols.some(({ name }) => name === "ResearchAgent") ? symbols : undefined;
    });
    const classes = found.filter(
      ({ name, kind }) => name === "ResearchAgent" && kind === vscode.SymbolKind.Class,
    );
    assert.equal(classes.length, 1, JSON.stringify(classes));
    assert.equal(classes[0]?.location.uri.toString(), uri.toString());
  });

  it("counts checkpoints above the class, and shows no lenses where the setting says so", async () => {
    const { runner } = await api();
    const found = await agent("TicketTriageAgent");
    await vscode.window.showTextDocument(found.uri);
    assert.deepEqual(await lenses(found.uri), ["Run", "Debug", "Migrate", "Checkpoints"]);
    await runner.run(found, { task: { subject: "Refund" }, args: [] });
    await eventually("the checkpoints are counted", async () =>
      (await lenses(found.uri)).some((title) => /^[1-9]\d* checkpoints?$/.test(title)),
    );
    const { Workspace } = vscode.ConfigurationTarget;
    const settings = vscode.workspace.getConfiguration();
    await settings.update(Settings.codeLens, false, Workspace);
    await eventually("the lenses are gone", async () => (await lenses(found.uri)).length === 0);
    await settings.update(Settings.codeLens, undefined, Workspace);
    await eventually("the lenses are back", async () => (await lenses(found.uri)).length === 4);
  });

  it("copies the names and paths of all selected rows", async () => {
    const rows = [await row("ResearchAgent"), await row("FaqAgent")];
    await vscode.commands.executeCommand(Commands.copyName, rows[0], rows);
    assert.equal(await vscode.env.clipboard.readText(), "ResearchAgent\nFaqAgent");
    await vscode.commands.executeCommand(Commands.copyPath, rows[1], undefined);
    assert.equal(await vscode.env.clipboard.readText(), file("src/support/faqAgent.ts").fsPath);
  });

  it("opens the checkpoints of one agent", async () => {
    await vscode.commands.executeCommand(Commands.showAgentCheckpoints, target(await agent("FaqAgent")));
    await eventually("the panel is shown", () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      return tab?.label === "Checkpoints" && tab.input instanceof vscode.TabInputWebview;
    });
  });

  it("tells what could not be read below the agents, and forgets it when it is mended", async () => {
    const { view } = await api();
    await write("src/exploring/brokenAgent.ts", "export class BrokenAgent {\n  execute(task: string) {\n");
    const notes = () => view.getChildren().find(({ kind }) => kind === "notes");
    const node = await eventually("the note is shown", notes);
    assert.equal(node.label, "1 note");
    assert.match(
      node.children()[0]?.label ?? "",
      /^src\/exploring\/brokenAgent\.ts has a syntax error in line \d/,
    );
    await write(
      "src/exploring/brokenAgent.ts",
      "export class BrokenAgent {\n  execute(task: string) {}\n}\n",
    );
    await eventually("the note is gone", () => notes() === undefined);
    assert.deepEqual(await picture("BrokenAgent"), [
      "BrokenAgent — src/exploring/brokenAgent.ts",
      "  task_execution — execute · line 2",
    ]);
  });
});
