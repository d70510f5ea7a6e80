import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { FileUpdate, IndexSnapshot } from "../model/indexerProtocol.ts";
import { analyse } from "./analysis.ts";
import { IgnoreRules } from "./ignoreRules.ts";
import { ModuleResolver } from "./moduleResolver.ts";
import { folderOf, isProjectFile, isSource, relativePath } from "./paths.ts";
import { Pause } from "./pause.ts";
import { Sources } from "./sources.ts";
import { walk, type Found } from "./walk.ts";

type OnProgress = (done: number, total: number) => void;

const PROGRESS_MS = 100;

/** One folder's index. Calls must not overlap. */
export class WorkspaceIndex {
  readonly #root: string;
  readonly #onProgress: OnProgress;
  readonly #sources: Sources;
  #rules: IgnoreRules;
  #project = new Set<string>();
  #resolver: ModuleResolver | null = null;
  readonly #folderNotes = new Map<string, string>();
  /** The texts are read; false: everything must be read again. */
  #read = false;
  #snapshot: IndexSnapshot | null = null;

  constructor(root: string, onProgress: OnProgress) {
    this.#root = root;
    this.#onProgress = onProgress;
    this.#sources = new Sources(root);
    this.#rules = new IgnoreRules(root);
  }

  /** The unsaved text of a file, by absolute path. */
  unsaved(file: string): string | undefined {
    const path = relativePath(this.#root, file);
    return path === null ? undefined : this.#sources.unsaved(path);
  }

  async snapshot(signal: AbortSignal): Promise<IndexSnapshot> {
    if (this.#snapshot !== null) return this.#snapshot;
    const start = performance.now();
    const pause = new Pause(signal);
    const progress = throttled(this.#onProgress);
    if (!this.#read) await this.#readAll(pause, progress);
    this.#resolver ??= new ModuleResolver(this.#root, this.#sources.has, this.#project);
    const analysis = await analyse(this.#sources, this.#resolver, pause, progress);
    this.#snapshot = {
      root: this.#root,
      agents: analysis.agents,
      rejected: analysis.rejected,
      notes: [...[...this.#folderNotes.values()].sort(), ...analysis.notes],
      files: this.#sources.facts.size,
      durationMs: performance.now() - start,
    };
    return this.#snapshot;
  }

  async update(updates: readonly FileUpdate[], signal: AbortSignal): Promise<IndexSnapshot> {
    const pause = new Pause(signal);
    const paths = new Set<string>();
    for (const { path, text } of updates) {
      const inside = relativePath(this.#root, path);
      if (inside === null) continue;
      if (isSource(inside)) this.#sources.setUnsaved(inside, text);
      paths.add(inside);
    }
    this.#snapshot = null;
    try {
      for (const path of paths) if (this.#read) await this.#refresh(path, pause);
    } catch (error) {
      this.#read = false;
      throw error;
    }
    return this.snapshot(signal);
  }

  async #readAll(pause: Pause, progress: OnProgress): Promise<void> {
    this.#sources.forgetAll();
    this.#project.clear();
    this.#folderNotes.clear();
    await this.#readFolder("", pause, progress);
    this.#read = true;
  }

  /** Reads a folder anew, with what is unsaved in it. */
  async #readFolder(folder: string, pause: Pause, progress: OnProgress): Promise<void> {
    this.#rules = new IgnoreRules(this.#root);
    this.#resolver = null;
    const skipped = folder !== "" && (this.#rules.skipsWithin(folder, "folder") || !this.#isReal(folder));
    const found: Found = skipped
      ? { sources: [], project: [], notes: new Map() }
      : await walk(this.#root, folder, this.#rules, pause);
    for (const path of found.project) this.#project.add(path);
    for (const [path, note] of found.notes) this.#folderNotes.set(path, note);
    const inside = this.#sources.unsavedPaths.filter((path) => isWithin(path, folder));
    const paths = new Set([
      ...found.sources,
      ...inside.filter((path) => !this.#rules.skipsWithin(path, "file")),
    ]);
    let done = 0;
    for (const path of paths) {
      this.#sources.read(path);
      progress((done += 1), paths.size);
      await pause.here();
    }
  }

  /** Takes one changed path into account, whatever has become of it. */
  async #refresh(path: string, pause: Pause): Promise<void> {
    if (path.endsWith(".json")) this.#resolver = null;
    const isRules = path === ".gitignore" || path.endsWith("/.gitignore");
    const kind = path === "" ? "folder" : kindOf(join(this.#root, path));
    if (isRules || kind === "folder") {
      const folder = isRules ? folderOf(path) : path;
      this.#forgetFolder(folder);
      await this.#readFolder(folder, pause, () => undefined);
    } else if (isProjectFile(path)) {
      const present =
        kind === "file" && !this.#rules.skipsWithin(folderOf(path) || path, "folder") && this.#isReal(path);
      if (present) this.#project.add(path);
      else this.#project.delete(path);
    } else {
      // It may have been a folder before.
      if (this.#forgetFolder(path)) await this.#readFolder(path, pause, () => undefined);
      if (!isSource(path)) return;
      const unsaved = this.#sources.unsaved(path) !== undefined;
      const wanted =
        (unsaved || (kind === "file" && this.#isReal(path))) && !this.#rules.skipsWithin(path, "file");
      if (wanted) this.#sources.read(path);
      else this.#sources.forget(path);
    }
  }

  /** Forgets what was known of a folder; false where nothing was. */
  #forgetFolder(folder: string): boolean {
    const inside = [...this.#sources.known(), ...this.#project, ...this.#folderNotes.keys()].filter((path) =>
      isWithin(path, folder),
    );
    for (const path of inside) {
      this.#sources.forget(path);
      this.#project.delete(path);
      this.#folderNotes.delete(path);
    }
    return inside.length > 0;
  }

  /** No folder on the way is a symbolic link: the walk would not have come here. */
  #isReal(path: string): boolean {
    try {
      const folder = folderOf(path);
      return realpathSync(join(this.#root, folder)) === join(realpathSync(this.#root), folder);
    } catch {
      return false;
    }
  }
}

const isWithin = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);

/** Symbolic links count as gone, as in the walk. */
function kindOf(path: string): "file" | "folder" | "gone" {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() ? "folder" : stats.isFile() ? "file" : "gone";
  } catch {
    return "gone";
  }
}

function throttled(onProgress: OnProgress): OnProgress {
  let last = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    onProgress(done, total);
  };
}
