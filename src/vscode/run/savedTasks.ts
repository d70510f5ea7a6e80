import * as vscode from "vscode";
import { formatAgentRef } from "../../model/agentRef.ts";
import { displayName } from "../../model/displayName.ts";
import { savedFor, savedTasksFile, type SavedTask } from "../../model/savedTasks.ts";
import { readSavedTasks, removeSavedTask, saveTask } from "../../runs/savedTasks.ts";
import type { Log } from "../answers.ts";
import { sentenceFor } from "../answers.ts";
import type { Agent } from "../index/indexService.ts";
import type { RunInputs } from "./runInputs.ts";

type Item = vscode.QuickPickItem & { saved?: SavedTask };
type Choice = { saved: SavedTask } | "new" | undefined;

const edit: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("go-to-file"),
  tooltip: `Open ${savedTasksFile}`,
};
const remove: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("trash"),
  tooltip: "Remove this saved task",
};

/** The named tasks of agents, kept in the workspace for everybody who works on it. */
export class SavedTasks {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** "new" at once where none is saved; undefined where the user pressed Escape. */
  async choose(agent: Agent, title: string): Promise<Choice> {
    if (this.#of(agent).length === 0) return "new";
    const box = vscode.window.createQuickPick<Item>();
    box.title = title;
    box.placeholder = "A saved task, or a new one";
    box.matchOnDetail = true;
    box.items = this.#items(agent);
    const chosen = new Promise<Choice>((resolve) => {
      box.onDidAccept(() => {
        const [item] = box.activeItems;
        if (item !== undefined) resolve(item.saved === undefined ? "new" : { saved: item.saved });
      });
      box.onDidTriggerItemButton(({ button, item: { saved } }) => {
        if (saved === undefined) return;
        try {
          if (button === edit) {
            void openSaved(agent, saved);
            resolve(undefined);
            return;
          }
          removeSavedTask(agent.folder.uri.fsPath, saved);
          box.items = this.#items(agent);
        } catch (error) {
          void vscode.window.showErrorMessage(sentenceFor(error, this.#log));
        }
      });
      box.onDidHide(() => resolve(undefined));
    });
    box.show();
    try {
      return await chosen;
    } finally {
      box.dispose();
    }
  }

  /** Asks for a name; undefined where the user pressed Escape. Throws a UserError where the task cannot be saved. */
  async save(agent: Agent, { task, args }: RunInputs): Promise<void> {
    const known = this.#of(agent).map(({ name }) => name);
    const answer = await vscode.window.showInputBox({
      title: `Save a task of ${displayName(agent.record.name)}`,
      prompt: `Its name, under which Run Task… offers it. It is kept in ${savedTasksFile}.`,
      ignoreFocusOut: true,
      validateInput: (text) => {
        if (text.trim() === "") return "A saved task needs a name.";
        if (!known.includes(text.trim())) return undefined;
        const message = "There is one of this name already: it is replaced.";
        return { message, severity: vscode.InputBoxValidationSeverity.Warning };
      },
    });
    const name = answer?.trim() ?? "";
    if (name === "") return;
    const { file_path: file, name: className } = agent.record;
    const ref = formatAgentRef({ file, name: className });
    saveTask(agent.folder.uri.fsPath, { name, agent: ref, task, ...(args.length > 0 && { args }) });
    void vscode.window.setStatusBarMessage(`$(check) Saved the task ${name}`, 5_000);
  }

  #items(agent: Agent): Item[] {
    const saved = this.#of(agent).map((one) => ({
      label: one.name,
      description: (JSON.stringify(one.task) as string | undefined) ?? "",
      iconPath: new vscode.ThemeIcon("bookmark"),
      buttons: [edit, remove],
      saved: one,
    }));
    return [...saved, { label: "New task…", iconPath: new vscode.ThemeIcon("add"), alwaysShow: true }];
  }

  /** A file that cannot be read is told, and keeps nobody from running an agent. */
  #of({ folder, record: { file_path: file, name } }: Agent): SavedTask[] {
    try {
      return savedFor(readSavedTasks(folder.uri.fsPath), { file, name });
    } catch (error) {
      void vscode.window.showWarningMessage(sentenceFor(error, this.#log));
      return [];
    }
  }
}

async function openSaved({ folder }: Agent, saved: SavedTask): Promise<void> {
  const uri = vscode.Uri.joinPath(folder.uri, savedTasksFile);
  const document = await vscode.workspace.openTextDocument(uri);
  const offset = Math.max(0, document.getText().indexOf(JSON.stringify(saved.name)));
  const at = document.positionAt(offset);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}
