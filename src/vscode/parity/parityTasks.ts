import * as vscode from "vscode";
import type { ParityTask } from "../../model/parity.ts";
import { recordedTasks } from "../../runs/recordedTasks.ts";
import type { Agent } from "../index/indexService.ts";
import type { RunInputBoxes } from "../run/runInputs.ts";

type Item = vscode.QuickPickItem & { tasks?: readonly ParityTask[] };

/**
 * Asks which tasks both are given: those of recorded runs, or another one. Undefined when the user pressed Escape.
 * @param adapter as it is written, null where it is only planned
 */
export async function askTasks(
  agent: Agent,
  adapter: string | null,
  inputs: RunInputBoxes,
): Promise<readonly ParityTask[] | undefined> {
  const { file_path, name } = agent.record;
  const recorded = await recordedTasks(agent.folder.uri.fsPath, { file_path, name });
  const other = async () => {
    const given = await inputs.ask(agent, "Compare", adapter);
    return given && [given];
  };
  if (recorded.length === 0) return other();
  const items: Item[] = recorded.map(({ time, ...task }) => ({
    label: JSON.stringify(task.task),
    description: task.args.length === 0 ? "" : `made with ${JSON.stringify(task.args)}`,
    detail: new Date(time).toLocaleString(),
    tasks: [task],
  }));
  if (recorded.length > 1) items.push({ label: `All ${recorded.length} recorded tasks`, tasks: recorded });
  items.push({ label: "Other task…" });
  const picked = await vscode.window.showQuickPick(items, {
    title: `Compare ${name}: task`,
    placeHolder: "A task of a recorded run, or another one",
    matchOnDescription: true,
  });
  return picked === undefined ? undefined : (picked.tasks ?? other());
}
