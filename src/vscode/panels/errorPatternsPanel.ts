import * as vscode from "vscode";
import { actionOf } from "../../model/fix.ts";
import {
  FolderEdit,
  FrameRef,
  PatternQuery,
  PatternRef,
  PatternRunRef,
  type ErrorPatternsHost,
  type PatternFolder,
  type PatternRow,
  type PatternTable,
} from "../../model/patterns.ts";
import { UserError } from "../../model/userError.ts";
import type { PanelState } from "../../model/panelProtocol.ts";
import { readSummary } from "../../runs/history/listRuns.ts";
import type { PatternClient } from "../../runs/patterns/client.ts";
import { Notice, registerCommand, sentenceFor, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { askMergeTarget, askMuted, askSplit, askTitle } from "../patterns/patternQuestions.ts";
import { folderOf } from "../patterns/folderOf.ts";
import { UndoStack } from "../patterns/undoStack.ts";
import type { RunDocuments } from "../runs/runDocuments.ts";
import { isTrustedFor } from "../trust.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import { exportFile } from "./exportFile.ts";
import { Panel } from "./panel.ts";
import { askFolder } from "../askFolder.ts";
import { fileFolders, namedFileFolders } from "../fileFolders.ts";

const mostUndone = 50;
const noFolder = "Open a folder first: error patterns are kept in it.";
/** Reading while errors come in may take this share of the time. */
const readShare = 0.1;

const undoTexts: Record<FolderEdit["edit"]["kind"], string> = {
  ...{ merge: "Merge", unmerge: "Unmerge", split: "Split", unsplit: "Unsplit", mute: "Mute" },
  ...{ resplit: "Split", rename: "Rename", dismiss: "Dismissal" },
  ...{ solution: "Change of Solution", solutions: "Change of Solution" },
};

/** What takes an edit back, and what that was, in words. */
interface Undo {
  text: string;
  back: FolderEdit;
}

/** The error patterns of the workspace: looked at, regrouped, and with what helped. */
export class ErrorPatternsPanel implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #client: PatternClient;
  readonly #panel: Panel<PatternTable, ErrorPatternsHost>;
  readonly #logs: RunDocuments;
  readonly #log: Log;
  readonly #undo = new UndoStack<Undo>(mostUndone);
  /** Read while the page loads. */
  #ahead: Promise<{ all: number; notes: string[] }> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #nextRead = 0;

  constructor(client: PatternClient, logs: RunDocuments, extension: vscode.Uri, log: Log) {
    this.#client = this.#owned.add(client);
    this.#logs = logs;
    this.#log = log;
    this.#panel = this.#owned.add(
      new Panel<PatternTable, ErrorPatternsHost>(
        {
          ...{ type: Panels.errorPatterns, title: "Error Patterns", script: "errorPatterns" },
          read: () => this.#state(),
          functions: this.#functions(),
        },
        extension,
        log,
      ),
    );
    this.#owned.add(new StoreWatcher("error_patterns*{,/**}", () => this.#follow()));
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
    this.#owned.add(registerCommand(log, Commands.showErrorPatterns, (of) => this.#show(of)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #functions(): Omit<ErrorPatternsHost, "state"> {
    return {
      runTask: async () => {
        await vscode.commands.executeCommand(Commands.runTask);
      },
      detail: (ref) => {
        const { folder, signature } = PatternRef.parse(ref);
        return this.#client.call.detail(rootOf(folder), folder, signature);
      },
      query: (query, chosen) =>
        this.#client.call.query(
          patternFolders(),
          PatternQuery.parse(query),
          PatternRef.nullable().parse(chosen),
        ),
      rows: (...given) => this.#client.call.rows(...given),
      chooseMerge: async (given) => {
        if (!mayChange()) return null;
        const ref = PatternRef.parse(given);
        const all = await this.#client.call.allOf(rootOf(ref.folder), ref.folder);
        const others = all.filter(({ signature }) => signature !== ref.signature);
        if (others.length === 0) throw new Notice("There is no other pattern in this folder.");
        const into = await askMergeTarget(rowIn(all, ref), others);
        if (into === null) return null;
        return {
          folder: ref.folder,
          edit: { kind: "merge", signature: ref.signature, into: into.signature },
        };
      },
      chooseSplit: async (given) => {
        if (!mayChange()) return null;
        const ref = PatternRef.parse(given);
        const rule = await askSplit(await this.#row(ref));
        return rule && { folder: ref.folder, edit: { kind: "split", signature: ref.signature, rule } };
      },
      preview: (given) => {
        const { folder, edit } = FolderEdit.parse(given);
        return this.#client.call.preview(rootOf(folder), edit);
      },
      apply: (given) => this.#apply(withUsableAction(FolderEdit.parse(given))),
      rename: async (given) => {
        if (!mayChange()) return;
        const ref = PatternRef.parse(given);
        const title = await askTitle(await this.#row(ref));
        if (title === undefined) return;
        await this.#apply({ folder: ref.folder, edit: { kind: "rename", signature: ref.signature, title } });
      },
      mute: async (given) => {
        if (!mayChange()) return;
        const ref = PatternRef.parse(given);
        const muted = await askMuted(await this.#row(ref), Date.now());
        if (muted === null) return;
        await this.#apply({ folder: ref.folder, edit: { kind: "mute", signature: ref.signature, muted } });
      },
      undo: () => this.#takeBack(),
      openFrame: async (given) => {
        const { index, ...ref } = FrameRef.parse(given);
        const place = await this.#client.call.place(rootOf(ref.folder), ref.signature, index);
        if (place === null) throw new Notice("The source of this frame is not in the workspace folder.");
        const start = new vscode.Position(Math.max(0, place.line - 1), 0);
        const uri = vscode.Uri.joinPath(folderOf(ref.folder).uri, place.file);
        const selection = new vscode.Range(start, start);
        await vscode.window.showTextDocument(uri, { selection, preview: true });
      },
      openRun: async (given) => {
        const { folder: uri, runId } = PatternRunRef.parse(given);
        const folder = folderOf(uri);
        const summary = await readSummary(folder.uri.fsPath, runId).catch(() => null);
        if (summary === null) throw new Notice("The record of this run is no longer there.");
        await this.#logs.show({ summary, folder: { uri } });
      },
      exportFile: async () => {
        const folder = await askFolder("Export the error patterns of…", noFolder);
        if (folder === undefined) return;
        const text = await this.#client.call.shared(folder.uri.fsPath);
        await exportFile(this.#log, "error_patterns.json", text);
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

  /** @param of the pattern to show, by a `PatternRef`; the palette gives none */
  async #show(of: unknown): Promise<void> {
    // A page takes a while to load: the patterns are read meanwhile.
    if (!this.#panel.isOpen) this.#ahead = this.#read();
    const { data: ref } = PatternRef.safeParse(of);
    this.#panel.show(ref === undefined ? null : await this.#viewOf(ref));
  }

  async #viewOf({ folder, signature }: PatternRef): Promise<object> {
    await (this.#ahead ??= this.#read());
    const group = await this.#client.call.groupOf(rootOf(folder), signature);
    return { chosen: { folder, signature: group }, text: "", type: "", agent: "" };
  }

  async #state(): Promise<PanelState<PatternTable>> {
    const ahead = this.#ahead;
    this.#ahead = null;
    const { all, notes } = await (ahead ?? this.#read());
    return { rows: [{ all, undo: this.#undo.last?.text ?? null, folders: folderNames() }], notes };
  }

  async #read(): Promise<{ all: number; notes: string[] }> {
    const started = performance.now();
    const read = { all: 0, notes: [] as string[] };
    for (const [name, { uri }] of namedFileFolders()) {
      try {
        const { count, notes } = await this.#client.call.read(uri.fsPath);
        read.all += count;
        read.notes.push(...notes);
      } catch (error) {
        read.notes.push(`${name}: ${sentenceFor(error, this.#log)}`);
      }
    }
    const ended = performance.now();
    this.#nextRead = ended + (ended - started) / readShare;
    return read;
  }

  async #row(ref: PatternRef): Promise<PatternRow> {
    return rowIn(await this.#client.call.allOf(rootOf(ref.folder), ref.folder), ref);
  }

  async #apply({ folder, edit }: FolderEdit): Promise<void> {
    if (!mayChange()) return;
    const back = await this.#client.call.apply(rootOf(folder), edit);
    this.#undo.push({ text: undoTexts[edit.kind], back: { folder, edit: back } });
    this.#panel.refresh();
  }

  async #takeBack(): Promise<void> {
    if (!mayChange()) return;
    const { call } = this.#client;
    const taking = this.#undo.takeBack(
      async ({ back: { folder, edit } }) => call.apply(rootOf(folder), edit),
      ({ back: { folder, edit } }) =>
        Promise.resolve()
          .then(() => call.preview(rootOf(folder), edit))
          .then(
            () => true,
            () => false,
          ),
    );
    await taking.finally(() => this.#panel.refresh());
  }

  async #import(): Promise<void> {
    if (!mayChange()) return;
    const folder = await askFolder("Import error patterns into…", noFolder);
    if (folder === undefined) return;
    const [file] =
      (await vscode.window.showOpenDialog({
        ...{ title: "Import Error Patterns", filters: { json: ["json"] }, defaultUri: folder.uri },
      })) ?? [];
    if (file === undefined) return;
    const imported = await this.#client.call.importFile(folder.uri.fsPath, file.fsPath);
    this.#panel.refresh();
    void vscode.window.showInformationMessage(`Error patterns: ${imported}`);
  }
}

function rowIn(rows: readonly PatternRow[], { signature }: PatternRef): PatternRow {
  const row = rows.find((each) => each.signature === signature);
  if (row === undefined) throw new Notice("This pattern is no longer there.");
  return row;
}

const mayChange = (): boolean => isTrustedFor("Changing error patterns");

const patternFolders = (): PatternFolder[] =>
  fileFolders().map(({ uri }) => ({ root: uri.fsPath, folder: uri.toString() }));

function folderNames(): Record<string, string> {
  const folders = [...namedFileFolders()];
  if (folders.length <= 1) return {};
  return Object.fromEntries(folders.map(([name, { uri }]) => [uri.toString(), name]));
}

/** Throws a UserError where the page gives a solution an action that nothing can be done with. */
function withUsableAction(of: FolderEdit): FolderEdit {
  const given = of.edit.kind === "solution" ? of.edit.solution?.["action"] : null;
  const read = given === undefined || given === null ? null : actionOf(given);
  if (read === null || !("problem" in read)) return of;
  throw new UserError(`Auto-fix can do nothing of this: ${read.problem}. The solution was not saved.`);
}

/** Of a folder of the workspace; a page can name no other. */
const rootOf = (folder: string): string => folderOf(folder).uri.fsPath;
