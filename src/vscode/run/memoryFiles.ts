import * as vscode from "vscode";
import { FlatFiles } from "../flatFiles.ts";

interface MemoryFile {
  text: Uint8Array;
  stat: vscode.FileStat;
}

/** Files of a scheme that live as long as the window. */
export class MemoryFiles extends FlatFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #files = new Map<string, MemoryFile>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #registered: vscode.Disposable;

  constructor(scheme: string) {
    super();
    this.#registered = vscode.workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true });
  }

  put(uri: vscode.Uri, text: string): void {
    this.writeFile(uri, new TextEncoder().encode(text));
  }

  remove(uri: vscode.Uri): void {
    this.#files.delete(uri.toString());
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    return this.#file(uri).stat;
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#file(uri).text;
  }

  writeFile(uri: vscode.Uri, text: Uint8Array): void {
    const key = uri.toString();
    const now = Date.now();
    const ctime = this.#files.get(key)?.stat.ctime ?? now;
    const stat = { type: vscode.FileType.File, ctime, mtime: now, size: text.length };
    this.#files.set(key, { text, stat });
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  delete(uri: vscode.Uri): void {
    this.remove(uri);
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }

  #file(uri: vscode.Uri): MemoryFile {
    const file = this.#files.get(uri.toString());
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }
}
