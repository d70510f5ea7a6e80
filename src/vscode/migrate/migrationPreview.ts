import * as vscode from "vscode";
import { ascending, textAfter } from "../../migration/textEdits.ts";
import type { FileChange, MigrationPlan } from "../../model/migrationPlan.ts";
import { Schemes } from "../contributions.ts";
import { actionTexts } from "./actions.ts";
import { Disposables } from "../disposables.ts";

export interface Preview {
  folder: vscode.WorkspaceFolder;
  plan: MigrationPlan;
  /** The right side of the diff. */
  uri: vscode.Uri;
}

/** Shows planned migrations as diffs; what is shown is what `Apply` writes. */
export class MigrationPreviews implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #owned = new Disposables();
  readonly #pending = new Map<string, Preview>();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#owned.add(vscode.workspace.registerTextDocumentContentProvider(Schemes.migration, this));
  }

  async show(folder: vscode.WorkspaceFolder, plan: MigrationPlan): Promise<Preview | undefined> {
    const [change] = plan.changes;
    if (change === undefined) return undefined;
    const file = vscode.Uri.file(change.path);
    const uri = file.with({ scheme: Schemes.migration, fragment: plan.name });
    const preview = { folder, plan, uri };
    this.#pending.set(uri.toString(), preview);
    this.#changed.fire(uri);
    const left = change.before === null ? uri.with({ fragment: "empty" }) : file;
    const options: vscode.TextDocumentShowOptions = { selection: lastChange(change) };
    await vscode.commands.executeCommand(
      "vscode.diff",
      left,
      uri,
      `${plan.name}: ${actionTexts[plan.action].tab}`,
      options,
    );
    return preview;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const [change] = this.#pending.get(uri.toString())?.plan.changes ?? [];
    return change === undefined ? "" : textAfter(change);
  }

  /** The preview in front, or of the given right side. */
  find(uri: vscode.Uri | undefined): Preview | undefined {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const shown = input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
    return [uri, shown]
      .map((candidate) => candidate && this.#pending.get(candidate.toString()))
      .find(Boolean);
  }

  isPending(preview: Preview): boolean {
    return this.#pending.get(preview.uri.toString()) === preview;
  }

  async close(preview: Preview): Promise<void> {
    if (this.isPending(preview)) this.#pending.delete(preview.uri.toString());
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputTextDiff && isSame(input.modified, preview.uri));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** Where the adapter starts in the text after; the import above it needs no look. */
export function lastChange(change: FileChange): vscode.Range {
  const edits = ascending(change.edits);
  const shift = edits
    .slice(0, -1)
    .reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
  const { start = 0, text = "" } = edits.at(-1) ?? {};
  const before = textAfter(change).slice(0, start + shift + Math.max(text.search(/\S/), 0));
  const line = before.split(/\r\n|\r|\n/).length - 1;
  return new vscode.Range(line, 0, line, 0);
}

function isSame(a: vscode.Uri, b: vscode.Uri): boolean {
  return a.toString() === b.toString();
}
