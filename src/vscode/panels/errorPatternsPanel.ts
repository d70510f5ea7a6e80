import * as vscode from "vscode";
import {
  FolderEdit,
  FrameRef,
  PatternRef,
  PatternRunRef,
  type ErrorPatternsHost,
  type PatternRow,
  type PatternTable,
} from "../../model/patterns.ts";
import { importedText, importFile, sharedText } from "../../patterns/exchange.ts";
import { regroupPreview } from "../../patterns/preview.ts";
import { rowOf } from "../../patterns/rows.ts";
import { readSummary } from "../../runs/history/listRuns.ts";
import { AgentUsageError, StoreError } from "../../runtime/index.ts";
import { edited, inverseOf } from "../../runtime/patterns/edit.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { askMergeTarget, askMuted, askSplit, askTitle } from "../patterns/patternQuestions.ts";
import { folderOf, PatternSources } from "../patterns/patternSources.ts";
import type { RunDocuments } from "../runs/runDocuments.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import { exportFile } from "./exportFile.ts";
import { Panel } from "./panel.ts";
import { readFolders } from "./readFolders.ts";

const mostUndone = 50;
/** Others have their turn in between. */
const rowsAtOnce = 500;
/** Reading while errors come in may take this share of the time. */
const readShare = 0.1;

const undoTexts: Record<FolderEdit["edit"]["kind"], string> = {
  ...{ merge: "Merge", unmerge: "Unmerge", split: "Split", unsplit: "Unsplit", mute: "Mute" },
  ...{ rename: "Rename", solution: "Change of Solution", dismiss: "Dismissal" },
};

/** What takes an edit back, and what that was, in words. */
interface Undo {
  text: string;
  back: FolderEdit;
}

/** The error patterns of the workspace: looked at, regrouped, and with what helped. */
export class ErrorPatternsPanel implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #sources = new PatternSources();
  readonly #panel: Panel<PatternTable, ErrorPatternsHost>;
  readonly #logs: RunDocuments;
  readonly #log: Log;
  readonly #undo: Undo[] = [];
  #timer: NodeJS.Timeout | undefined;
  #nextRead = 0;

  constructor(logs: RunDocuments, extension: vscode.Uri, log: Log) {
    this.#logs = logs;
    this.#log = log;
    this.#panel = this.#owned.add(
      new Panel<PatternTable, ErrorPatternsHost>(
        {
          ...{ type: Panels.errorPatterns, title: "Error Patterns", script: "errorPatterns" },
          read: () => this.#read(),
          functions: this.#functions(),
        },
        extension,
        log,
      ),
    );
    this.#owned.add(new StoreWatcher("error_patterns*{,/**}", () => this.#follow()));
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
    this.#owned.add(registerCommand(log, Commands.showErrorPatterns, () => this.#panel.show()));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #functions(): Omit<ErrorPatternsHost, "state"> {
    return {
      runTask: async () => {
        await vscode.commands.executeCommand(Commands.runTask);
      },
      detail: (ref) => this.#sources.detail(PatternRef.parse(ref)),
      chooseMerge: async (given) => {
        const ref = PatternRef.parse(given);
        const others = this.#rows(ref.folder).filter(({ signature }) => signature !== ref.signature);
        if (others.length === 0) throw new Notice("There is no other pattern in this folder.");
        const into = await askMergeTarget(this.#row(ref), others);
        if (into === null) return null;
        return {
          folder: ref.folder,
          edit: { kind: "merge", signature: ref.signature, into: into.signature },
        };
      },
      chooseSplit: async (given) => {
        const ref = PatternRef.parse(given);
        const rule = await askSplit(this.#row(ref));
        return rule && { folder: ref.folder, edit: { kind: "split", signature: ref.signature, rule } };
      },
      preview: (given) => {
        const { folder, edit } = FolderEdit.parse(given);
        return Promise.resolve(
          this.#told(() => regroupPreview(this.#sources.storeOf(folder).patterns(), edit, new Date())),
        );
      },
      apply: (given) => this.#apply(FolderEdit.parse(given)),
      rename: async (given) => {
        const ref = PatternRef.parse(given);
        const title = await askTitle(this.#row(ref));
        if (title === undefined) return;
        await this.#apply({ folder: ref.folder, edit: { kind: "rename", signature: ref.signature, title } });
      },
      mute: async (given) => {
        const ref = PatternRef.parse(given);
        const muted = await askMuted(this.#row(ref), Date.now());
        if (muted === null) return;
        await this.#apply({ folder: ref.folder, edit: { kind: "mute", signature: ref.signature, muted } });
      },
      undo: () => this.#takeBack(),
      openFrame: async (given) => {
        const { index, ...ref } = FrameRef.parse(given);
        const { uri, range } = await this.#sources.placeOf(ref, index);
        await vscode.window.showTextDocument(uri, { selection: range, preview: true });
      },
      openRun: async (given) => {
        const { folder: uri, runId } = PatternRunRef.parse(given);
        const folder = folderOf(uri);
        const summary = await readSummary(folder.uri.fsPath, runId).catch(() => null);
        if (summary === null) throw new Notice("The record of this run is no longer there.");
        await this.#logs.show({ summary, folder: { uri, name: folder.name }, mine: false });
      },
      exportFile: async () => {
        const folder = await askFolder("Export the error patterns of");
        if (folder === undefined) return;
        const patterns = this.#sources.storeOf(folder.uri.toString()).patterns();
        await exportFile(this.#log, "error_patterns.json", sharedText(patterns));
      },
      importFile: () => this.#import(),
    };
  }

  /** The larger the file, the less often it is read again. */
  #follow(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#panel.refresh();
      },
      Math.max(0, this.#nextRead - performance.now()),
    );
  }

  async #read() {
    const now = new Date();
    const started = performance.now();
    const { rows: groups, notes } = await readFolders(this.#log, ({ uri }, note) => {
      const folder = uri.toString();
      return this.#sources.read(folder, note).map((group) => ({ folder, group }));
    });
    const patterns: PatternRow[] = [];
    for (const { folder, group } of groups) {
      if (patterns.length % rowsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
      patterns.push(rowOf(folder, group, now));
    }
    const ended = performance.now();
    this.#nextRead = ended + (ended - started) / readShare;
    const table = { patterns, undo: this.#undo.at(-1)?.text ?? null };
    return { rows: [table], notes };
  }

  #rows(folder: string): PatternRow[] {
    return this.#sources.read(folder, () => undefined).map((group) => rowOf(folder, group, new Date()));
  }

  #row(ref: PatternRef): PatternRow {
    const group = this.#sources.group(ref);
    if (group === undefined) throw new Notice("This pattern is no longer there.");
    return rowOf(ref.folder, group, new Date());
  }

  async #apply({ folder, edit }: FolderEdit): Promise<void> {
    this.#told(() => {
      const store = this.#sources.storeOf(folder);
      const undo: Undo[] = [];
      store.edit((patterns) => {
        undo.push({ text: undoTexts[edit.kind], back: { folder, edit: inverseOf(patterns, edit) } });
        return edited(patterns, edit, new Date());
      });
      this.#undo.push(...undo);
      this.#undo.splice(0, this.#undo.length - mostUndone);
    });
    this.#panel.refresh();
    await Promise.resolve();
  }

  async #takeBack(): Promise<void> {
    const last = this.#undo.pop();
    if (last === undefined) return;
    const { folder, edit } = last.back;
    this.#told(() => this.#sources.storeOf(folder).edit((patterns) => edited(patterns, edit, new Date())));
    this.#panel.refresh();
    await Promise.resolve();
  }

  async #import(): Promise<void> {
    const folder = await askFolder("Import error patterns into");
    if (folder === undefined) return;
    const [file] =
      (await vscode.window.showOpenDialog({
        ...{ title: "Import Error Patterns", filters: { json: ["json"] }, defaultUri: folder.uri },
      })) ?? [];
    if (file === undefined) return;
    const imported = this.#told(() => importFile(this.#sources.storeOf(folder.uri.toString()), file.fsPath));
    this.#panel.refresh();
    void vscode.window.showInformationMessage(`Error patterns: ${importedText(imported)}`);
  }

  /** What a person can do something about is a notice; the rest is our own fault. */
  #told<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof StoreError || error instanceof AgentUsageError) throw new Notice(error.message);
      throw error;
    }
  }
}

async function askFolder(title: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders[0];
  const picked = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: folder.name, folder })),
    { title: `${title}…` },
  );
  return picked?.folder;
}
