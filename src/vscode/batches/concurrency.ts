import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { Settings } from "../contributions.ts";

const PARALLEL = 10;

/** How many runs of a batch may be at work at a time; undefined when the user pressed Escape. */
export async function askConcurrency(
  tasks: number,
  folder: vscode.WorkspaceFolder,
): Promise<number | undefined> {
  if (tasks === 1) return 1;
  const settings = vscode.workspace.getConfiguration(undefined, folder);
  const most = Math.max(1, settings.get<number>(Settings.parallel, PARALLEL));
  const text = await vscode.window.showInputBox({
    title: `Run ${counted(tasks, "task")}: how many at a time`,
    prompt: `Enter starts them. The setting ${Settings.parallel} allows ${most} at a time.`,
    value: String(Math.min(most, tasks)),
    ignoreFocusOut: true,
    validateInput: (value) => concurrencyProblem(value, most),
  });
  return text === undefined ? undefined : Number(text);
}

function concurrencyProblem(text: string, most: number): string | undefined {
  if (!/^\s*\d+\s*$/.test(text) || Number(text) < 1) return `Write a whole number from 1 to ${most}.`;
  return Number(text) > most
    ? `The setting ${Settings.parallel} allows ${most} at a time: raise it first, or write less.`
    : undefined;
}
