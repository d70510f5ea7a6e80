import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { decode } from "../../runtime/checkpoint/codec.ts";
import type { MemoryEntry } from "../../runtime/index.ts";
import { Schemes } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { placeOf, placeQuery } from "../documentPlace.ts";
import { FlatFiles } from "../flatFiles.ts";
import { parseJson } from "../run/jsonInput.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import { manageTrust, untrustedSentence } from "../trust.ts";
import { jsonOf } from "./memoryText.ts";
import { memoryStore, type NamespaceRef } from "./readMemory.ts";

interface EntryRef extends NamespaceRef {
  folder: vscode.Uri;
  key: string;
}

/** The values that agents remember as JSON files that can be edited; saving one stores it as the agent would. */
export class MemoryDocuments extends FlatFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.#changed.event;
  /** How often what was kept differed from what was saved, by URI: an editor reads a file again only where its time differs. */
  readonly #differed = new Map<string, number>();
  #registered: vscode.Disposable;

  constructor() {
    super();
    const { onDidGrantWorkspaceTrust, onDidSaveTextDocument } = vscode.workspace;
    this.#registered = this.#register();
    this.#owned.add(new StoreWatcher("memory/*.json", () => this.#tell()));
    this.#owned.add(
      onDidGrantWorkspaceTrust(() => {
        this.#registered.dispose();
        this.#registered = this.#register();
        this.#tell();
      }),
    );
    this.#owned.add(onDidSaveTextDocument((document) => this.#saved(document)));
  }

  async show(ref: EntryRef): Promise<void> {
    const uri = uriOf(ref);
    // Says why where there is nothing to show.
    entryOf(ref);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const entry = this.#entry(uri);
    const size = bytesOf(entry).length;
    const differed = this.#differed.get(uri.toString()) ?? 0;
    const times = { ctime: entry.writtenAt, mtime: entry.writtenAt + differed };
    return { type: vscode.FileType.File, ...times, size };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return bytesOf(this.#entry(uri));
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const ref = refOf(uri);
    const { agent, namespace, key } = ref;
    if (!vscode.workspace.isTrusted)
      throw vscode.FileSystemError.NoPermissions(untrustedSentence("Changing memory"));
    try {
      const before = entryOf(ref);
      const parsed = parseJson(new TextDecoder().decode(content));
      if (!parsed.ok) throw new UserError(parsed.problem);
      const left = before.expiresAt === null ? undefined : Math.max(before.expiresAt - Date.now(), 1);
      const options = { namespace, tags: before.tags, ttlMs: left };
      const stored = memoryStore(ref.folder.fsPath).of(agent).set(key, decode(parsed.value), options);
      if (stored.redactions > 0)
        void vscode.window.showWarningMessage(
          `What looks like a secret is not kept: ${counted(stored.redactions, "value")} of ${key} became "[redacted]".`,
        );
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(error instanceof Error ? error.message : String(error));
    }
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registered.dispose();
    this.#owned.dispose();
  }

  /** Without trust an editor says why it takes no text. */
  #register(): vscode.Disposable {
    const options = { isCaseSensitive: true, ...(!vscode.workspace.isTrusted && { isReadonly: refusal() }) };
    return vscode.workspace.registerFileSystemProvider(Schemes.memory, this, options);
  }

  /** What is kept may differ from what was saved, which the editor takes for what is there. */
  #saved(document: vscode.TextDocument): void {
    const { uri } = document;
    if (uri.scheme !== Schemes.memory) return;
    if (new TextDecoder().decode(this.readFile(uri)).trim() === document.getText().trim()) return;
    this.#differed.set(uri.toString(), (this.#differed.get(uri.toString()) ?? 0) + 1);
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  #entry(uri: vscode.Uri): MemoryEntry {
    try {
      return entryOf(refOf(uri));
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  /** Any of the open ones may be other than before, or gone. */
  #tell(): void {
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === Schemes.memory);
    const { Changed, Deleted } = vscode.FileChangeType;
    this.#changed.fire(
      open.map(({ uri }) => {
        try {
          entryOf(refOf(uri));
          return { type: Changed, uri };
        } catch {
          return { type: Deleted, uri };
        }
      }),
    );
  }
}

function refusal(): vscode.MarkdownString {
  const text = new vscode.MarkdownString(
    `${untrustedSentence("Changing memory")} [${manageTrust.title}](command:${manageTrust.command})`,
  );
  text.isTrusted = { enabledCommands: [manageTrust.command] };
  return text;
}

/** Throws a UserError where there is none, and a StoreError where it cannot be read. */
function entryOf({ folder, agent, namespace, key }: EntryRef): MemoryEntry {
  const known = vscode.workspace.workspaceFolders?.some(({ uri }) => uri.toString() === folder.toString());
  const entry = known === true ? memoryStore(folder.fsPath).of(agent).entry(key, { namespace }) : null;
  if (entry === null) throw new UserError(`${agent} does not remember "${key}" any more.`);
  return entry;
}

const bytesOf = ({ value }: MemoryEntry): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(jsonOf(value), null, 2)}\n`);

function uriOf({ folder, agent, namespace, key }: EntryRef): vscode.Uri {
  const path = [agent, namespace, key].map((part) => part.replace(/[/\\]/g, "-")).join("/");
  const query = placeQuery({ folder, id: JSON.stringify([agent, namespace, key]) });
  return vscode.Uri.from({ scheme: Schemes.memory, path: `/${path}.json`, query });
}

function refOf(uri: vscode.Uri): EntryRef {
  const { folder, id } = placeOf(uri);
  const [agent = "", namespace = "", key = ""] = JSON.parse(id) as string[];
  return { folder, agent, namespace, key };
}
