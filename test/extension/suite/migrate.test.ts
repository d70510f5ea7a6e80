import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { Commands, Settings } from "../../../src/vscode/contributions.ts";
import { agent, api, closeEditors, eventually, file, read, remove, target } from "./support.ts";

const path = "src/research/researchAgent.ts";
const open = () => vscode.workspace.openTextDocument(file(path));

async function migrate(name: string): Promise<void> {
  await vscode.commands.executeCommand(Commands.migrate, target(await agent(name)));
  await eventually("the difference is shown", () => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff && input.modified.scheme === "opsvi-agents-migration";
  });
}

async function isMigrated(name: string): Promise<boolean> {
  const { index } = await api();
  await index.settled();
  return index.agents.some(({ record }) => record.name === name && record.migrated);
}

/** Settled, so that nobody is asked where it comes from. */
async function runtime(value: string | undefined): Promise<void> {
  const { Workspace } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration().update(Settings.runtime, value, Workspace);
}

describe("Migrate to BaseAgent", () => {
  afterEach(closeEditors);
  before(() => runtime("vendored"));
  after(async () => {
    await runtime(undefined);
    await remove(".proj-intel");
  });

  it("is offered by the lightbulb inside the class, and not outside of it", async () => {
    const { uri, record } = await agent("ResearchAgent");
    await open();
    const ask = (line: number) =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        uri,
        new vscode.Range(line - 1, 0, line - 1, 0),
        vscode.CodeActionKind.RefactorRewrite.value,
      );
    // VS Code cancels a request where providers come or go meanwhile, as they do after a start.
    const offers = (line: number) =>
      eventually(`the actions at line ${line} are told`, async () => {
        try {
          return (await ask(line)).filter(({ title }) => title === "Migrate to BaseAgent");
        } catch (error) {
          if (error instanceof Error && error.message === "Canceled") return null;
          throw error;
        }
      });
    // VS Code asks the providers of a language once it knows the language of the document just opened.
    await eventually("it is offered at the name", async () => (await offers(record.lineno)).length === 1);
    assert.equal((await offers(record.lineno + 2)).length, 1);
    assert.equal((await offers(1)).length, 0);
  });

  it("changes nothing when it is discarded", async () => {
    const before = await read(path);
    await migrate("ResearchAgent");
    await vscode.commands.executeCommand(Commands.discardMigration);
    await eventually(
      "the difference is closed",
      () => vscode.window.tabGroups.activeTabGroup.tabs.length === 0,
    );
    assert.equal(await read(path), before);
    assert.equal((await open()).isDirty, false);
  });

  it("leaves the class as it is, and Undo Migration takes every file back", async () => {
    const before = await read(path);
    await migrate("ResearchAgent");
    await vscode.commands.executeCommand(Commands.applyMigration);
    await eventually("the class counts as migrated", () => isMigrated("ResearchAgent"));
    const after = await read(path);
    assert.ok(after.includes(before.slice(before.indexOf("export class ResearchAgent"))), after);
    const log = await read(".proj-intel/migrations.jsonl");
    const created = (JSON.parse(log.trim()) as { undo: { path: string; created: boolean }[] }).undo.filter(
      (undone) => undone.created,
    );
    for (const { path: made } of created) assert.ok(existsSync(file(made).fsPath), made);

    // The only migration is ticked already.
    const undoing = vscode.commands.executeCommand(Commands.undoMigration);
    const undone = async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return (await read(path)) === before;
    };
    await eventually("the file is as before", undone);
    await undoing;
    for (const { path: made } of created) assert.ok(!existsSync(file(made).fsPath), made);
    await eventually("the class counts as legacy again", async () => !(await isMigrated("ResearchAgent")));
  });

  it("is taken back by one undo of the editor where only that file changes", async () => {
    // The second class of a project finds the runtime there already.
    await migrate("ResearchAgent");
    await vscode.commands.executeCommand(Commands.applyMigration);
    await eventually("the first is migrated", () => isMigrated("ResearchAgent"));
    const second = "src/support/ticketTriageAgent.ts";
    const before = await read(second);
    await migrate("TicketTriageAgent");
    await vscode.commands.executeCommand(Commands.applyMigration);
    await eventually("the second is migrated", () => isMigrated("TicketTriageAgent"));
    const document = await vscode.workspace.openTextDocument(file(second));
    assert.notEqual(document.getText(), before);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), before);
    await document.save();
    assert.equal(await read(second), before);
    await eventually("it counts as legacy again", async () => !(await isMigrated("TicketTriageAgent")));
  });

  it("respects unsaved text, and refuses when the file changes before Apply", async () => {
    const document = await vscode.workspace.openTextDocument(file("src/support/faqAgent.ts"));
    const insert = async (text: string) => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), text);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    await insert("// first\n");
    await migrate("FaqAgent");
    const { modified } = await eventually("the difference is shown", () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .map(({ input }) => input)
        .find((input) => input instanceof vscode.TabInputTextDiff),
    );
    const shown = await vscode.workspace.openTextDocument(modified);
    assert.ok(shown.getText().startsWith("// first\n"));
    await insert("// second\n");
    const text = document.getText();
    await vscode.commands.executeCommand(Commands.applyMigration);
    assert.equal(document.getText(), text);
  });
});
