import * as vscode from "vscode";
import { agentAtLine } from "../agentAt.ts";
import { targetOf } from "../agentTarget.ts";
import { Commands } from "../contributions.ts";
import type { IndexService } from "../index/indexService.ts";
import { languages, mayHoldAgents } from "../languages.ts";

const kind = vscode.CodeActionKind.RefactorRewrite.append("baseAgent");

/** The lightbulb's "Migrate to BaseAgent" while the cursor is in an agent class. */
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
  const agent = agentAtLine(index.agentsIn(document.uri), range.start.line + 1);
  if (agent === undefined || agent.record.migrated || agent.record.adapts !== null) return [];
  if (agent.record.kind !== "class") return [];
  const asked = triggerKind === vscode.CodeActionTriggerKind.Invoke;
  if (agent.record.abstract && !asked) return [];
  const action = new vscode.CodeAction("Migrate to BaseAgent", kind);
  action.command = { command: Commands.migrate, title: action.title, arguments: [targetOf(agent)] };
  // Planning on every cursor move would be waste; the reason is shown to who opens the menu.
  if (asked) {
    const result = await index.folderOf(document.uri)?.planMigration(document, agent.record.name);
    if (result !== undefined && result.status !== "ready") action.disabled = { reason: result.reason };
  }
  return [action];
}
