import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isWithin } from "../migration/packageFacts.ts";
import type { FileUpdate, IndexSnapshot } from "../model/indexerProtocol.ts";
import { noSettings, type IndexSettings } from "../model/indexSettings.ts";
import { UserError } from "../model/userError.ts";
import { Analysis } from "./analysis.ts";
import { toCached, type CachedHead } from "./cachedIndex.ts";
import { isFolder, kindOf } from "./disk.ts";
import { ForeignAgents } from "./foreign.ts";
import { IgnoreRules } from "./ignoreRules.ts";
import type { IndexCache } from "./indexCache.ts";
import { ModuleResolver } from "./moduleResolver.ts";
import { loadParser } from "./parsing.ts";
import { folderOf, isProjectFile, isSource, relativePath } from "./paths.ts";
import { Pause } from "./pause.ts";
import { throttled, type OnProgress } from "./progress.ts";
import { Readers } from "./readers.ts";
import { compare, type Restored } from "./restore.ts";
import { Rules } from "./rules.ts";
import { Sources } from "./sources.ts";
import { stampOf } from "./stamp.ts";
import { stampedNow, toStampList, type Stamped, type StampList } from "./stampList.ts";
import { nothing, walk, type Found } from "./walk.ts";

/** What makes it faster, and changes nothing else. */
export interface IndexHelp {
  readers?: Readers;
  cache?: IndexCache | null;
}

/** One folder's index. Calls must not overlap. */
export class WorkspaceIndex {
  readonly #root: string;
  readonly #onProgress: OnProgress;
  readonly #sources: Sources;
  readonly #readers: Readers;
  readonly #cache: IndexCache | null;
  #rules: IgnoreRules;
  readonly #foreign: ForeignAgents;
  #project = new Set<string>();
  #resolver: ModuleResolver | null = null;
  /** Null where specifiers may lead to other files, or the settings have changed. */
  #analysis: Analysis | null = null;
  readonly #folderNotes = new Map<string, string>();
  readonly #folders = new Map<string, Stamped>();
  #rulesReadAt = 0;
  #analysedAt = 0;
  /** Of the cache: what decides how modules resolve, until that is looked up anew. */
  #inputs: StampList | null = null;
  /** What the cache told that nobody has asked for yet. */
  #restored: Restored | null = null;
  /** The cache tells something else. */
  #outdated = false;
  /** The texts are read; false: everything must be read again. */
  #read = false;
  #snapshot: IndexSnapshot | null = null;
  #settings: IndexSettings = noSettings;
  #judging = new Rules(noSettings);

  constructor(root: string, onProgress: OnProgress, { readers, cache }: IndexHelp = {}) {
    this.#root = root;
    this.#onProgress = onProgress;
    this.#readers = readers ?? new Readers(null);
    this.#cache = cache ?? null;
    this.#sources = new Sources(root);
    this.#rules = new IgnoreRules(root);
    this.#foreign = new ForeignAgents(root);
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
    this.#analysis = null;
    this.#snapshot = null;
  }

  async snapshot(signal: AbortSignal): Promise<IndexSnapshot> {
    if (this.#snapshot !== null) return this.#snapshot;
    try {
      return (this.#snapshot = await this.#index(new Pause(signal)));
    } finally {
      this.#readers.rest();
    }
  }

  async #index(pause: Pause): Promise<IndexSnapshot> {
    const start = performance.now();
    const progress = throttled(this.#onProgress);
    const cached = this.#read ? null : await this.#readAll(pause, progress);
    const before = cached !== null && this.#isUsable(cached) ? cached.snapshot : null;
    const untouched = this.#restored?.same === true;
    if (before !== null && (untouched || (await this.#load(pause, progress)))) {
      return { ...before, foreign: this.#foreign.read().agents, durationMs: since(start) };
    }
    await this.#load(pause, progress);
    this.#outdated = true;
    this.#analysedAt = Date.now();
    this.#analysis ??= await this.#newAnalysis();
    const findings = await this.#analysis.run(this.#readers, pause, progress);
    return {
      root: this.#root,
      agents: findings.agents,
      rejected: findings.rejected,
      ...this.#withForeign([...[...this.#folderNotes.values()].sort(), ...findings.notes]),
      files: this.#sources.facts.size,
      durationMs: since(start),
    };
  }

  async #newAnalysis(): Promise<Analysis> {
    const { Typings } = await import("./withCompiler.ts");
    const { has } = this.#sources;
    this.#resolver ??= new ModuleResolver(this.#root, has, this.#project, new Typings(this.#root, has));
    return new Analysis(this.#sources, this.#resolver, this.#judging);
  }

  #withForeign(notes: string[]): Pick<IndexSnapshot, "foreign" | "notes"> {
    const { agents, notes: more } = this.#foreign.read();
    return { foreign: agents, notes: [...notes, ...more] };
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
      await this.#load(pause, () => undefined);
      const typed = updates.every(({ text }) => text !== null) && [...paths].every(this.#sources.has);
      for (const path of paths) {
        if (this.#read) await this.#refresh(path, pause);
        await pause.here();
      }
      if (typed && [...paths].every(this.#sources.has)) this.#analysis?.change(paths);
      else this.#forgetPlaces();
    } catch (error) {
      this.#read = false;
      throw error;
    }
    return this.snapshot(signal);
  }

  /** Has everything at hand that an update needs. */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.#load(new Pause(signal), () => undefined);
    await loadParser();
  }

  /** Writes to the cache what is known now; does nothing where that is there already. */
  remember(): void {
    if (this.#cache === null || !this.#read || !this.#outdated) return;
    const ours = [...this.#project].filter(isRules).map((path) => join(this.#root, path));
    const rules = [...this.#rules.inputs, ...ours];
    const inputs =
      this.#resolver === null ? this.#inputs : stampedNow("", this.#resolver.inputs, this.#analysedAt);
    if (inputs === null) return;
    this.#cache.write(
      ...toCached({
        root: this.#root,
        settings: JSON.stringify(this.#settings),
        rules: stampedNow("", rules, this.#rulesReadAt),
        folders: toStampList([...this.#folders.values()]),
        inputs,
        project: [...this.#project],
        folderNotes: [...this.#folderNotes],
        snapshot: this.#sources.unsavedPaths.length === 0 ? this.#snapshot : null,
        sources: this.#sources,
      }),
    );
    this.#outdated = false;
  }

  /** Reads what is there, or answers with what the cache tells of it. */
  async #readAll(pause: Pause, progress: OnProgress): Promise<CachedHead | null> {
    if (!isFolder(this.#root)) throw new UserError(`There is no folder ${this.#root}.`);
    this.#sources.forgetAll();
    this.#project.clear();
    this.#folderNotes.clear();
    this.#folders.clear();
    this.#restored = null;
    const cached = this.#cache?.read(this.#root) ?? null;
    if (cached === null) {
      await this.#readFolder("", pause, progress);
      this.#read = true;
      return null;
    }
    this.#startRules();
    const restored = await compare(this.#root, cached, this.#rules, pause, progress);
    this.#takeFound(restored.found);
    this.#restored = restored;
    this.#read = true;
    this.#inputs = cached.head.inputs;
    return cached.head;
  }

  #isUsable({ settings }: CachedHead): boolean {
    return settings === JSON.stringify(this.#settings) && this.#sources.unsavedPaths.length === 0;
  }

  /** Takes over what the cache told, and reads what it did not. */
  async #load(pause: Pause, progress: OnProgress): Promise<boolean> {
    const restored = this.#restored;
    if (restored === null) return false;
    const { sources } = restored.found;
    const alike = await restored.load(this.#sources, this.#readers, pause, (done) =>
      progress(done, sources.length),
    );
    const known = new Set(sources);
    for (const path of this.#sources.unsavedPaths) {
      if (!known.has(path) && !this.#rules.skipsWithin(path, "file")) this.#sources.read(path);
    }
    this.#restored = null;
    this.#outdated = true;
    return alike;
  }

  #startRules(): void {
    this.#rulesReadAt = Date.now();
    this.#rules = new IgnoreRules(this.#root);
    this.#resolver = null;
    this.#analysis = null;
  }

  #forgetPlaces(): void {
    this.#resolver?.forgetPlaces();
    this.#analysis = null;
  }

  #takeFound(found: Found): void {
    for (const path of found.project) this.#project.add(path);
    for (const [path, note] of found.notes) this.#folderNotes.set(path, note);
    // Stamped as they were walked: what comes into one later must show at the next start.
    const stamp = (path: string) => (this.#cache === null ? null : stampOf(join(this.#root, path)));
    const takenAt = this.#rulesReadAt;
    for (const path of found.folders) this.#folders.set(path, { path, takenAt, stamp: stamp(path) });
  }

  /** Reads a folder anew, with what is unsaved in it. */
  async #readFolder(folder: string, pause: Pause, progress: OnProgress): Promise<void> {
    this.#startRules();
    const found = nothing();
    const { sources: paths } = found;
    let total = 0;
    // Helpers read what is found while the rest is looked for.
    const work = this.#sources.reading(paths);
    const sharing = this.#readers.sharing(work, pause, (done) => progress(done, total));
    try {
      if (this.#isWalked(folder)) {
        const onFolder = () => {
          sharing.grow();
          progress(paths.length, 0);
        };
        await walk(this.#root, folder, this.#rules, pause, onFolder, found);
      }
    } finally {
      sharing.end();
    }
    this.#takeFound(found);
    const walked = new Set(paths);
    for (const path of this.#sources.unsavedPaths) {
      if (!isInside(folder, path) || walked.has(path) || this.#rules.skipsWithin(path, "file")) continue;
      paths.push(path);
    }
    total = paths.length;
    await Promise.all([sharing.finish(), loadParser()]);
  }

  /** Takes one changed path into account, whatever has become of it. */
  async #refresh(path: string, pause: Pause): Promise<void> {
    if (path.endsWith(".json")) this.#resolver = null;
    const kind = path === "" ? "folder" : kindOf(join(this.#root, path));
    if (isRules(path) || kind === "folder") {
      await this.#refreshFolder(isRules(path) ? folderOf(path) : path, pause);
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
      this.#folders.delete(path);
    }
    await this.#readFolder(folder, pause, () => undefined);
  }

  /** Everything known of a folder and what is in it. */
  #inside(folder: string): string[] {
    return [
      ...this.#sources.known(),
      ...this.#project,
      ...this.#folderNotes.keys(),
      ...this.#folders.keys(),
    ].filter((path) => isInside(folder, path));
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

const since = (start: number): number => performance.now() - start;

const isRules = (path: string): boolean => /(?:^|[\\/])\.gitignore$/.test(path);

const isInside = (folder: string, path: string): boolean => path === folder || isWithin(folder, path);
