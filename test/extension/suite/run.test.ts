import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { agent, api, closeEditors, eventually, file, remove } from "./support.ts";
import { Commands } from "../../../src/vscode/contributions.ts";

describe("Run Task", () => {
  after(async () => {
    await closeEditors();
    await remove(".proj-intel");
  });

  it("runs an agent that was never migrated, and keeps a checkpoint and a record", async () => {
    const { runner } = await api();
    const finished = await runner.run(await agent("ResearchAgent"), {
      task: { question: "What do customers think about repair?" },
      args: [],
    });
    assert.equal(finished.status, "success", JSON.stringify(finished));
    assert.equal(finished.output?.["question"], "What do customers think about repair?");
    assert.deepEqual(
      readdirSync(file(".proj-intel/runs").fsPath).filter((name) => name !== "owners"),
      [`${finished.runId}.jsonl`],
    );
    assert.ok(finished.checkpointId);
    const checkpoints = readdirSync(file(".proj-intel/checkpoints").fsPath, { recursive: true }).map(String);
    assert.ok(
      checkpoints.some((name) => name.endsWith(`${String(finished.checkpointId)}.json`)),
      String(checkpoints),
    );
  });

  it("shows a run that has ended as it is, and not anew where its record tells nothing else", async () => {
    const { history, runner } = await api();
    await history.list();
    const changes: string[] = [];
    const listening = history.onDidChange((ids) => changes.push(...ids));
    const { runId } = await runner.run(await agent("FaqAgent"), { task: { question: "Why?" }, args: [] });
    const row = () => history.rows.find(({ summary }) => summary.runId === runId);
    await eventually("it is listed", () => row()?.summary.endedAt);
    // What is told of it comes together.
    await sleep(300);
    changes.length = 0;
    const listed = row();
    assert.ok(listed);
    await history.reread(listed);
    await sleep(300);
    assert.deepEqual(changes, []);
    listening.dispose();
  });

  it("keeps the extension host responsive while a synchronous agent burns CPU", async () => {
    const { runner } = await api();
    const running = runner.run(await agent("ForecastAgent"), {
      task: { sales: [1, 2, 3], seconds: 3 },
      args: [],
    });
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    await running;
    clearInterval(timer);
    assert.equal((await running).status, "success");
    assert.ok(longest < 1000, `the extension host stood still for ${Math.round(longest)} ms`);
  });

  it("runs a task that was edited as JSON once it fits, with what is wrong marked before", async () => {
    const { taskEditors } = await api();
    const recorded = () =>
      readdirSync(file(".proj-intel/runs").fsPath).filter((name) => name.endsWith(".jsonl"));
    const before = recorded().length;
    await taskEditors.editTask(await agent("CertificateAgent"), { task: { host: 7 }, args: [] });
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.equal(document.languageId, "json");
    const marks = () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .map(({ message, range }) => [message, document.getText(range)]);
    await eventually("the problem is marked", () => marks().length === 1);
    assert.deepEqual(marks(), [['"host" must be a text, not 7.', "7"]]);
    await vscode.commands.executeCommand(Commands.runEditedTask);
    assert.equal(recorded().length, before);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), '{"host": "shop.example"}');
    await vscode.workspace.applyEdit(edit);
    await eventually("no problem is marked", () => marks().length === 0);
    await vscode.commands.executeCommand(Commands.runEditedTask);
    assert.equal(recorded().length, before + 1);
    assert.equal(document.isDirty, false);
  });

  it("records the error of an agent that fails", async () => {
    const { runner } = await api();
    const finished = await runner.run(await agent("CertificateAgent"), {
      task: { host: "shop.example" },
      args: [],
    });
    assert.equal(finished.status, "failed");
    assert.ok(finished.error?.signature, JSON.stringify(finished.error));
  });

  it("shows checkpoints and error patterns in panels", async () => {
    for (const [command, title] of [
      [Commands.showCheckpoints, "Checkpoints"],
      [Commands.showErrorPatterns, "Error Patterns"],
    ] as const) {
      await vscode.commands.executeCommand(command);
      await eventually(`${title} is shown`, () => {
        const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
        return tab?.label === title && tab.input instanceof vscode.TabInputWebview;
      });
    }
  });
});
