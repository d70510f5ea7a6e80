import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { stepsOf, withoutExisting } from "../../migration/steps.ts";
import { migratedEntry } from "../../migration/entry.ts";
import { withMigrationLock } from "../../migration/migrationLock.ts";
import type {
  MigrationAction,
  MigrationPlan,
  PlanOptions,
  PlanRequest,
  PlanResult,
} from "../../model/migrationPlan.ts";
import { UserError } from "../../model/userError.ts";
import { inBackground, registerCommand, showFailure, type Log } from "../answers.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import { agentRows } from "../tree/rows.ts";
import { isTrustedFor } from "../trust.ts";
import { actionCommands, actionTexts, plannedActions } from "./actions.ts";
import type { MigrateWorkspace } from "./checklist/migrateWorkspace.ts";
import { bringsRuntime } from "./checklist/prepared.ts";
import { offerInstall } from "./install.ts";
import { chooseMethod, chooseRuntime, migrationOptions } from "./migrationOptions.ts";
import { lastChange, MigrationPreviews, type Preview } from "./migrationPreview.ts";
import { previewSentence } from "./previewSentence.ts";
import type { MigrationUndo } from "./migrationUndo.ts";
import type { Recovery } from "./recovery.ts";
import type { VendoredRuntimes } from "./vendoredRuntimes.ts";
import { applyLogged } from "./workspaceChange.ts";

interface Parts {
  index: IndexService;
  finder: AgentFinder;
  undo: MigrationUndo;
  recovery: Recovery;
  runtimes: VendoredRuntimes;
  /** For several classes. */
  many: MigrateWorkspace;
  log: Log;
}

/** Migrate to BaseAgent, Update Adapter, Rewrite as BaseAgent Subclass: plan, difference, apply or discard. */
export class MigrateCommand implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly previews = this.#owned.add(new MigrationPreviews());

  constructor(parts: Parts) {
    const { finder, many, log } = parts;
    this.#parts = parts;
    this.#log = log;
    const onPreview = (act: (preview: Preview) => Promise<void>) => async (argument: unknown) => {
      const preview = this.previews.find(argument instanceof vscode.Uri ? argument : undefined);
      if (preview === undefined) return;
      // The question beside the difference is answered.
      await vscode.commands.executeCommand("notifications.hideToasts");
      await act(preview);
    };
    for (const subscription of [
      ...plannedActions.map((action) =>
        registerCommand(log, actionCommands[action], async (argument, selected) => {
          const { doing, one } = actionTexts[action];
          if (!isTrustedFor(doing)) return;
          const rows = agentRows(argument, selected);
          if (one === null && rows.length > 1) return many.prepareRows(rows);
          const agent = await finder.find(argument, { atCursor: true, selected, refusal: one ?? "" });
          if (agent !== undefined) await this.#start(agent, action);
        }),
      ),
      registerCommand(
        log,
        Commands.applyMigration,
        onPreview((preview) => this.#apply(preview)),
      ),
      registerCommand(
        log,
        Commands.discardMigration,
        onPreview((preview) => this.previews.close(preview)),
      ),
    ]) {
      this.#owned.add(subscription);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #start(agent: Agent, action: MigrationAction): Promise<void> {
    const { record, uri, folder } = agent;
    const index = this.#parts.index.folderOf(uri);
    if (index === undefined) throw new UserError(`${record.file_path} is in no folder of this workspace.`);
    if (await this.#parts.recovery.ask(folder)) return;
    const document = await vscode.workspace.openTextDocument(uri);
    const result = await this.#plan(agent, (request, options) =>
      whileShown(actionTexts[action].doing, index.planMigration(document, request, { ...options, action })),
    );
    if (result === undefined) return;
    if (result.status === "migrated") return void vscode.window.showInformationMessage(result.reason);
    if (result.status !== "ready") return void vscode.window.showWarningMessage(result.reason);
    const preview = await this.previews.show(folder, result.plan);
    if (preview !== undefined) inBackground(this.#log, this.#ask(preview));
  }

  /** Asks what only the user can tell: the method that takes tasks, and where the runtime is to come from. */
  async #plan(
    { record: { name }, folder, uri }: Agent,
    plan: (request: Omit<PlanRequest, "file">, options: PlanOptions) => Promise<PlanResult | undefined>,
  ): Promise<PlanResult | undefined> {
    const { options, asks } = migrationOptions(folder);
    let request: Omit<PlanRequest, "file"> = { name };
    let result = await plan(request, options);
    if (result?.status === "choice") {
      const method = await chooseMethod(name, result.methods);
      if (method === undefined) return undefined;
      request = { name, method };
      result = await plan(request, options);
    }
    if (!asks || result?.status !== "ready" || !bringsRuntime(stepsOf([result.plan]))) return result;
    const runtime = await chooseRuntime(folder, uri.fsPath);
    if (runtime === undefined) return undefined;
    return runtime === options.runtime ? result : plan(request, { ...options, runtime });
  }

  async #ask(preview: Preview): Promise<void> {
    const [apply, discard] = ["Apply", "Discard"] as const;
    const sentence = previewSentence(preview.plan, preview.folder.uri.fsPath);
    const choice = await vscode.window.showInformationMessage(sentence, apply, discard);
    if (choice === undefined || !this.previews.isPending(preview)) return;
    try {
      await (choice === apply ? this.#apply(preview) : this.previews.close(preview));
    } catch (error) {
      void showFailure(error, this.#log);
    }
  }

  async #apply(preview: Preview): Promise<void> {
    const texts = actionTexts[preview.plan.action];
    if (!isTrustedFor(texts.doing)) return;
    const { folder } = preview;
    const root = folder.uri.fsPath;
    await this.previews.close(preview);
    const plan = await withMigrationLock(root, async () => {
      const needed = await withoutExisting(preview.plan);
      const { changes } = needed;
      const entries = [migratedEntry(root, needed)];
      await applyLogged({ root, changes, entries, what: texts.what(needed) });
      return needed;
    });
    const [first] = plan.changes;
    if (first !== undefined) {
      const options = { preview: false, selection: lastChange(first) };
      await vscode.window.showTextDocument(vscode.Uri.file(first.path), options);
    }
    inBackground(this.#log, this.#offerUndo(folder, plan));
    inBackground(this.#log, offerInstall([plan]));
    inBackground(this.#log, this.#parts.runtimes.hint(root));
  }

  async #offerUndo(folder: vscode.WorkspaceFolder, plan: MigrationPlan): Promise<void> {
    const undo = "Undo Migration";
    const files = counted(plan.changes.length, "file");
    const sentence = `${actionTexts[plan.action].done(plan)} (${files}).`;
    if ((await vscode.window.showInformationMessage(sentence, undo)) !== undo) return;
    try {
      await this.#parts.undo.undo(folder, [plan]);
    } catch (error) {
      void showFailure(error, this.#log);
    }
  }
}

/** Shows progress where planning takes longer than a blink; undefined where the user does not wait for it. */
async function whileShown<T>(title: string, work: Promise<T>): Promise<T | undefined> {
  const soon = new Promise<null>((resolve) => setTimeout(() => resolve(null), 500));
  const quick = await Promise.race([work.then((answer) => ({ answer })), soon]);
  if (quick !== null) return quick.answer;
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (_progress, token) =>
    Promise.race([
      work,
      new Promise<undefined>((resolve) => token.onCancellationRequested(() => resolve(undefined))),
    ]),
  );
}
