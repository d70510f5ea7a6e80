import * as vscode from "vscode";
import { canBeRewritten, canBeUpdated } from "../abilities.ts";
import { agentAtLine } from "../agentAt.ts";
import { targetOf, wrapped } from "../agentTarget.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import { languages, mayHoldAgents } from "../languages.ts";
import { actionCommands, actionTexts, type PlannedAction } from "./actions.ts";
import { migrationOptions } from "./migrationOptions.ts";

const kind = vscode.CodeActionKind.RefactorRewrite.append("baseAgent");

/** What the lightbulb offers while the cursor is in an agent class or its adapter. */
export function registerMigrateCodeAction(index: IndexService): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    languages,
    { provideCodeActions: (document, range, context) => actionsAt(index, document, range, context) },
    { providedCodeActionKinds: [kind] },
  );
}

async function actionsAt(
  index: IndexService,
  document: vscode.TextDocument,
  range: vscode.Range,
  { only, triggerKind }: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  if ((only !== undefined && !only.contains(kind)) || !mayHoldAgents(document)) return [];
  await index.ready();
  const found = agentAtLine(index.agentsIn(document.uri), range.start.line + 1);
  const agent = found && wrapped(found, index);
  if (agent?.record.kind !== "class" || agent.uri.toString() !== document.uri.toString()) return [];
  const { record } = agent;
  const asked = triggerKind === vscode.CodeActionTriggerKind.Invoke;
  // Planning on every cursor move would be waste.
  const { options } = migrationOptions(agent.folder);
  const plan = async (action: PlannedAction) =>
    asked
      ? index.folderOf(document.uri)?.planMigration(document, { name: record.name }, { ...options, action })
      : undefined;
  if (canBeUpdated(record)) {
    const result = await plan("update");
    return result?.status === "ready" ? [actionFor(agent, "update")] : [];
  }
  if (record.migrated || record.adapts !== null || (record.abstract && !asked)) return [];
  const migrate = actionFor(agent, "migrate");
  const result = await plan("migrate");
  // The reason is shown to who opens the menu.
  if (result !== undefined && result.status !== "ready") migrate.disabled = { reason: result.reason };
  // Whether it can be takes a program that is built, which is done when it is chosen.
  return canBeRewritten(record) ? [migrate, actionFor(agent, "rewrite")] : [migrate];
}

function actionFor(agent: Agent, action: PlannedAction): vscode.CodeAction {
  const { title } = actionTexts[action];
  const command = actionCommands[action];
  const offered = new vscode.CodeAction(title, kind);
  offered.command = { command, title, arguments: [targetOf(agent)] };
  return offered;
}
