import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type {
  Checkpoint,
  CheckpointDraft,
  CheckpointSummary,
  LatestOptions,
} from "../core/checkpointStore.ts";
import { withLock } from "../files/lock.ts";
import { prepareProjIntel, refuseLink } from "../files/projIntel.ts";
import { slug } from "../files/slug.ts";
import { emitWarning, StoreError, storeError, type Warn } from "../storeError.ts";
import { AgentFolder, entriesOf } from "./agentFolder.ts";
import { lineageOf } from "./lineage.ts";
import { isCompleted, newestFirst, summaryOf } from "./listing.ts";
import type {
  ForkOptions,
  Lineage,
  ManagedCheckpointStore,
  PruneOptions,
  PrunePolicy,
  PruneResult,
  RetentionOptions,
} from "./managedStore.ts";
import { PinsFile } from "./pinsFile.ts";
import { checkPruning } from "./policy.ts";
import { planPruning, resultOf } from "./pruning.ts";
import { agentOf, toCheckpoint } from "./record.ts";
import { Recorder, type Sealed } from "./recorder.ts";
import { Retention } from "./retention.ts";

/** Settings of a {@link FileCheckpointStore}. */
export interface FileStoreOptions extends RetentionOptions {
  /** Told once about each file that is skipped; by default a warning of the process. */
  onWarning?: ((message: string) => void) | undefined;
}

const lockWaitMs = 5_000;
/** The index of a folder is read only where the newest ones are not what is looked for. */
const readAtOnce = 4;

/**
 * Keeps checkpoints as files `<folder>/<agent>/<id>.json`. What a save returned for survives the death of the process, and
 * its content is on disk; a power failure may take the names of files of the last seconds. Several processes may use one
 * folder. Torn, changed, foreign and newer files are skipped with a warning and left alone.
 */
export class FileCheckpointStore implements ManagedCheckpointStore {
  readonly #root: string;
  readonly #warn: Warn;
  readonly #warned = new Set<string>();
  readonly #known = new Map<string, AgentFolder>();
  readonly #byAgent = new Map<string, AgentFolder>();
  readonly #recorder = new Recorder();
  readonly #retention: Retention;

  /**
   * `folder` is, by convention, `.proj-intel/checkpoints`; it is made at the first save. Throws an `AgentUsageError` for a
   * retention policy that is none.
   */
  constructor(folder: string, options: FileStoreOptions = {}) {
    this.#root = resolve(folder);
    this.#warn = options.onWarning ?? emitWarning;
    this.#retention = new Retention(options.retention);
  }

  /** Stores a checkpoint durably; throws a {@link StoreError} where it cannot. */
  save(draft: CheckpointDraft): CheckpointSummary {
    return this.#retain(this.#write(agentOf(draft), () => this.#recorder.save(draft)));
  }

  #write(agent: string, seal: () => Sealed): CheckpointSummary {
    const folder = this.#folderOf(agent);
    try {
      folder.continue();
      const sealed = seal();
      folder.write(sealed, () => this.#prepare());
      return summaryOf(sealed.summary);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw storeError(`A checkpoint of agent "${agent}" cannot be written to ${folder.path}`, error);
    }
  }

  #retain(saved: CheckpointSummary): CheckpointSummary {
    this.#retention.saved(saved.agent, (policy, options) => this.prune(policy, options), this.#warn);
    return saved;
  }

  /** The checkpoint with this id, or null where there is none that can be read. */
  load(id: string): Checkpoint | null {
    for (const folder of this.#folders()) {
      const file = folder.read(id);
      if (file !== null) return toCheckpoint(file);
    }
    return null;
  }

  /** The newest readable checkpoint of the named agent, or null. */
  latest(agent: string, options: LatestOptions = {}): Checkpoint | null {
    const folder = this.#folderOf(agent);
    for (const [i, id] of folder.ids().entries()) {
      const known = i < readAtOnce ? undefined : folder.known(id);
      if (known !== undefined && !isCompleted(known, options)) continue;
      const file = folder.read(id);
      if (file?.agent === agent && isCompleted(file, options)) return toCheckpoint(file);
    }
    return null;
  }

  /** Checkpoints, newest first, of one agent or of all. */
  list(agent?: string): CheckpointSummary[] {
    const folders = agent === undefined ? this.#folders() : [this.#folderOf(agent)];
    return folders
      .flatMap((folder) => folder.list().map(({ summary }) => summary))
      .filter((summary) => agent === undefined || summary.agent === agent)
      .sort(newestFirst);
  }

  /** The names of the agents that have checkpoints, sorted. */
  agents(): string[] {
    return [...new Set(this.list().map((summary) => summary.agent))].sort();
  }

  /** A checkpoint and its ancestors, newest to root; stops with a note at one that is missing. */
  lineage(id: string): Lineage {
    return lineageOf(id, this.list());
  }

  /** Saves a checkpoint with the content of another one, its parent; throws a {@link StoreError} where it cannot. */
  fork(id: string, options: ForkOptions = {}): CheckpointSummary {
    this.#folderWith(id);
    const fork = this.#locked("forked", () => {
      const file = this.#folderWith(id).read(id);
      if (file === null) throw new StoreError(`The checkpoint ${id} cannot be read.`);
      const { agent = file.agent, runId = null, label = "fork" } = options;
      return this.#write(agent, () => this.#recorder.fork(file, { agent, runId, label }));
    });
    return this.#retain(fork);
  }

  /** Keeps a checkpoint from being pruned, and its ancestors; throws a {@link StoreError} where it cannot. */
  pin(id: string): void {
    this.#folderWith(id);
    this.#locked("pinned", () => this.#pinsOf(this.#folderWith(id)).change(id, true));
  }

  /** Takes a pin away; nothing happens where there is none. Throws a {@link StoreError} where it cannot. */
  unpin(id: string): void {
    const folder = this.#folders().find((one) => this.#pinsOf(one).read()?.has(id) !== false);
    if (folder !== undefined) this.#locked("unpinned", () => this.#pinsOf(folder).change(id, false));
  }

  /** The ids of the pinned checkpoints, oldest first; of a folder with damaged pins all. */
  pins(): string[] {
    return this.#folders()
      .flatMap((folder) => [...(this.#pinsOf(folder).read() ?? folder.ids())])
      .sort();
  }

  /**
   * Removes checkpoints that a policy does not keep. Throws an `AgentUsageError` for a limit or option that is none, a
   * {@link StoreError} where files cannot be removed or another process prunes for longer than five seconds.
   */
  prune(policy: PrunePolicy, options: PruneOptions = {}): PruneResult {
    checkPruning(policy, options);
    // Whatever the index lacks is read before others have to wait.
    if (this.list().length === 0) return { removed: [], kept: 0, bytes: 0, notes: [] };
    if (options.dryRun === true) return this.#prune(policy, options);
    return this.#locked("pruned", (isHeld) => this.#prune(policy, options, isHeld));
  }

  #prune(policy: PrunePolicy, { agent, dryRun = false }: PruneOptions, isHeld = () => true): PruneResult {
    const notes: string[] = [];
    const pinned = new Set<string>();
    const untouchable = new Set<string>();
    const holders = new Map<string, { folder: AgentFolder; agent: string }>();
    const all = this.#folders().flatMap((folder) => {
      const pins = this.#pinsOf(folder).read();
      if (pins === null) notes.push(`Nothing in ${folder.path} is removed: its pins cannot be read.`);
      for (const id of pins ?? []) pinned.add(id);
      if (pins === null) for (const id of folder.ids()) untouchable.add(id);
      const listed = folder.list();
      for (const { summary } of listed) holders.set(summary.id, { folder, agent: summary.agent });
      return listed;
    });
    // The index may say anything.
    const isReadable = (id: string): boolean => {
      const holder = holders.get(id);
      return holder !== undefined && holder.folder.read(id)?.agent === holder.agent;
    };
    const plan = planPruning(all, policy, { agent, pinned, untouchable, isReadable, now: Date.now() });
    if (!isHeld()) throw new StoreError(`Nothing in ${this.#root} was pruned: it took too long; try again.`);
    for (const { summary } of dryRun ? [] : plan.removed) {
      try {
        holders.get(summary.id)?.folder.remove(summary.id);
      } catch (error) {
        throw storeError(`The checkpoint ${summary.id} cannot be removed`, error);
      }
    }
    return resultOf(plan, notes);
  }

  /** Forking, pinning and pruning wait for each other. */
  #locked<T>(done: string, action: (isHeld: () => boolean) => T): T {
    let result: { value: T } | null;
    try {
      // There is nothing to keep others from.
      if (!this.#isThere()) return action(() => !this.#isThere());
      // No agent's folder is called so.
      result = withLock(join(this.#root, ".pins.lock"), lockWaitMs, action);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw storeError(`Nothing in ${this.#root} can be ${done}`, error);
    }
    if (result !== null) return result.value;
    throw new StoreError(`Nothing in ${this.#root} can be ${done}: another process is at it; try again.`);
  }

  #isThere(): boolean {
    if (!existsSync(this.#root)) return false;
    if (basename(dirname(this.#root)) !== ".proj-intel") return true;
    for (const folder of [dirname(this.#root), this.#root]) refuseLink(folder);
    return true;
  }

  #prepare(): void {
    if (basename(dirname(this.#root)) !== ".proj-intel") return;
    prepareProjIntel(dirname(this.#root));
    mkdirSync(this.#root, { recursive: true, mode: 0o700 });
    refuseLink(this.#root);
  }

  #folders(): AgentFolder[] {
    return entriesOf(this.#root)
      .filter((entry) => entry.isDirectory())
      .map((entry) => this.#folder(join(this.#root, entry.name)));
  }

  #folderOf(agent: string): AgentFolder {
    const known = this.#byAgent.get(agent);
    if (known !== undefined) return known;
    const folder = this.#folder(join(this.#root, slug(agent)));
    this.#byAgent.set(agent, folder);
    return folder;
  }

  #folder(path: string): AgentFolder {
    const folder = this.#known.get(path) ?? new AgentFolder(path, (file, why) => this.#skip(file, why));
    this.#known.set(path, folder);
    return folder;
  }

  #folderWith(id: string): AgentFolder {
    const folder = this.#folders().find((one) => one.has(id));
    if (folder === undefined) throw new StoreError(`There is no checkpoint ${id}.`);
    return folder;
  }

  #pinsOf(folder: AgentFolder): PinsFile {
    return new PinsFile(join(folder.path, "pins.json"), (message) => this.#once(folder.path, message));
  }

  #skip(path: string, why: string): void {
    this.#once(path, `The checkpoint file ${path} is skipped: ${why}.`);
  }

  #once(path: string, message: string): void {
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#warn(message);
  }
}
