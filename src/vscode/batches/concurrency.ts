import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { Settings } from "../contributions.ts";
import { offered, remembered } from "./atATime.ts";

const PARALLEL = 10;

/**
 * How many runs of a batch may be at work at a time, which their first folder remembers; undefined when the user pressed Escape.
 * @param folders of the agents
 */
export async function askConcurrency(
  tasks: number,
  folders: Iterable<vscode.WorkspaceFolder>,
  memory: vscode.Memento,
): Promise<number | undefined> {
  if (tasks === 1) return 1;
  const distinct = [...new Set(folders)];
  const names = distinct.map(({ name }) => name);
  const where = names.length > 1 ? ` Each is recorded in the folder of its agent: ${names.join(", ")}.` : "";
  const settings = vscode.workspace.getConfiguration();
  const most = Math.max(1, settings.get<number>(Settings.parallel, PARALLEL));
  const key = `concurrency|${distinct[0]?.uri.toString() ?? ""}`;
  const situation = { tasks, most, last: memory.get<number>(key) };
  const text = await vscode.window.showInputBox({
    title: `Run ${counted(tasks, "task")}: how many at a time`,
    prompt: `Enter starts them. The setting ${Settings.parallel} allows ${most} at a time.${where}`,
    value: String(offered(situation)),
    ignoreFocusOut: true,
    validateInput: (value) => concurrencyProblem(value, most),
  });
  if (text === undefined) return undefined;
  await memory.update(key, remembered(Number(text), situation));
  return Number(text);
}

function concurrencyProblem(text: string, most: number): string | undefined {
  if (!/^\s*\d+\s*$/.test(text) || Number(text) < 1) return `Write a whole number from 1 to ${most}.`;
  return Number(text) > most
    ? `The setting ${Settings.parallel} allows ${most} at a time: raise it first, or write less.`
    : undefined;
}
