import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileUpdate, IndexSnapshot } from "../model/indexerProtocol.ts";
import { noSettings, type IndexSettings } from "../model/indexSettings.ts";
import { UserError } from "../model/userError.ts";
import { analyse } from "./analysis.ts";
import { IgnoreRules } from "./ignoreRules.ts";
import { ModuleResolver } from "./moduleResolver.ts";
import { folderOf, isProjectFile, isSource, relativePath } from "./paths.ts";
import { Pause } from "./pause.ts";
import { Rules } from "./rules.ts";
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
  #settings: IndexSettings = noSettings;
  #judging = new Rules(noSettings);

  constructor(root: string, onProgress: OnProgress) {
    this.#root = root;
    this.#onProgress = onProgress;
    this.#sources = new Sources(root);
    this.#rules = new IgnoreRules(root);
  }

  /** The text of a file as the user sees it, by absolute path; null where it cannot be read. */
  textOf(file: string): string | null {
    const path = relativePath(this.#root, file);
    const unsaved = path === null ? undefined : this.#sources.unsaved(path);
    if (unsaved !== undefined) return unsaved;
    try {
      return readFileSync(file, "utf8");
    } catch {
      return null;
    }
  }

  /** What differs from the settings before is judged anew by the next snapshot. */
  configure(settings: IndexSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#judging = new Rules(settings);
    this.#snapshot = null;
  }

  async snapshot(signal: AbortSignal): Promise<IndexSnapshot> {
    if (this.#snapshot !== null) return this.#snapshot;
    const start = performance.now();
    const pause = new Pause(signal);
    const progress = throttled(this.#onProgress);
    if (!this.#read) await this.#readAll(pause, progress);
    this.#resolver ??= new ModuleResolver(this.#root, this.#sources.has, this.#project);
    const analysis = await analyse(this.#sources, this.#resolver, this.#judging, pause, progress);
    this.#snapshot = {
      root: this.#root,
      agents: analysis.agents,
      rejected: analysis.rejected,
      foreign: [],
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
    if (!isFolder(this.#root)) throw new UserError(`There is no folder ${this.#root}.`);
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
    const found: Found = this.#isWalked(folder)
      ? await walk(this.#root, folder, this.#rules, pause)
      : { sources: [], project: [], notes: new Map() };
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
      await this.#refreshFolder(isRules ? folderOf(path) : path, pause);
      return;
    }
    if (!this.#sources.knows(path) && this.#inside(path).length > 0) await this.#refreshFolder(path, pause);
    const present = kind === "file" && this.#isWalked(folderOf(path));
    if (isProjectFile(path)) {
      if (present) this.#project.add(path);
      else this.#project.delete(path);
    } else if (isSource(path)) {
      const exists = present || this.#sources.unsaved(path) !== undefined;
      if (exists && !this.#rules.skipsWithin(path, "file")) this.#sources.read(path);
      else this.#sources.forget(path);
    }
  }

  async #refreshFolder(folder: string, pause: Pause): Promise<void> {
    for (const path of this.#inside(folder)) {
      this.#sources.forget(path);
      this.#project.delete(path);
      this.#folderNotes.delete(path);
    }
    await this.#readFolder(folder, pause, () => undefined);
  }

  /** Everything known of a folder and what is in it. */
  #inside(folder: string): string[] {
    return [...this.#sources.known(), ...this.#project, ...this.#folderNotes.keys()].filter((path) =>
      isWithin(path, folder),
    );
  }

  /** The walk would come into this folder: it is not passed over, and no symbolic link leads there. */
  #isWalked(folder: string): boolean {
    if (folder === "") return true;
    if (this.#rules.skipsWithin(folder, "folder")) return false;
    try {
      return realpathSync(join(this.#root, folder)) === join(realpathSync(this.#root), folder);
    } catch {
      return false;
    }
  }
}

const isWithin = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

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
