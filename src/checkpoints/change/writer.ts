import { existsSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../model/userError.ts";
import { AgentFolder } from "../../runtime/checkpoint/agentFolder.ts";
import { PinsFile } from "../../runtime/checkpoint/pinsFile.ts";
import type { Sealed } from "../../runtime/checkpoint/recorder.ts";
import { withLock } from "../../runtime/files/lock.ts";
import { prepareProjIntel, refuseLink } from "../../runtime/files/projIntel.ts";
import { slug } from "../../runtime/files/slug.ts";
import { StoreError } from "../../runtime/storeError.ts";
import type { Pace } from "../jobs.ts";
import type { AgentListing } from "../listing/agentListing.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";

const lockWaitMs = 5_000;
/** Others are let in between, and a lock that is held for long counts as abandoned. */
const atOnce = 200;

/** When to let others in, and who is told how far it is. */
export interface Steps {
  pace: Pace;
  progress: (done: number, total: number) => void;
}

/** Changes the checkpoints of a workspace folder: adds and removes files, edits none. */
export class CheckpointWriter {
  readonly #path: string;
  readonly #projIntel: string;
  readonly #makesFolder: boolean;
  readonly #folders = new Map<string, AgentFolder>();

  /** @param makesFolder where something is to be added, and not only removed or pinned */
  constructor({ path, folder }: FolderListing, makesFolder = false) {
    this.#path = path;
    this.#projIntel = join(folder.path, ".proj-intel");
    this.#makesFolder = makesFolder;
  }

  /** Nobody else pins, prunes or forks meanwhile. Throws a UserError where that cannot be. */
  locked<T>(done: string, action: (isHeld: () => boolean) => T): T {
    return this.#locked(`Nothing in ${this.#path} was ${done}`, action);
  }

  /**
   * Does something with the next few items, as long as the lock is held; answers how many these were. `begin` looks at what
   * others may have changed, and answers with what is to be done with each. What fails ends them, and is
   * done again as the first of the next ones: then it throws.
   */
  some<T>(
    done: string,
    items: readonly T[],
    from: number,
    begin: (next: readonly T[]) => (item: T) => void,
  ): number {
    const next = items.slice(from, from + atOnce);
    const begun = from === 0 ? "Nothing" : `After ${from.toLocaleString("en")}, nothing more`;
    const failed = `${begun} in ${this.#path} was ${done}`;
    return this.#locked(failed, (isHeld) => {
      const act = begin(next);
      let taken = 0;
      while (taken < next.length && isHeld()) {
        try {
          act(next[taken] as T);
        } catch (error) {
          if (taken > 0) break;
          throw from > 0 && error instanceof UserError ? new UserError(`${failed}: ${error.message}`) : error;
        }
        taken += 1;
      }
      if (taken === 0) throw new UserError(`${failed}: it took too long; try again.`);
      return taken;
    });
  }

  /**
   * Does something with all items, some at a time, and lets others in between; answers how many these were: where it is
   * cancelled on the way, not all. `begin` is told how many are done.
   */
  async all<T>(
    done: string,
    items: readonly T[],
    { pace, progress }: Steps,
    begin: (next: readonly T[], at: number) => (item: T) => void,
  ): Promise<number> {
    let at = 0;
    while (at < items.length && !pace.signal.aborted) {
      at += this.some(done, items, at, (next) => begin(next, at));
      progress(at, items.length);
      await pace.step().catch(() => false);
    }
    return at;
  }

  /** Adds a checkpoint; `seal` makes it once its id sorts after those that are there. */
  append(agent: string, seal: () => Sealed): Sealed["summary"] {
    const folder =
      this.#folders.get(agent) ?? new AgentFolder(join(this.#path, slug(agent)), () => undefined);
    this.#folders.set(agent, folder);
    try {
      folder.continue();
      const sealed = seal();
      folder.write(sealed, () => this.#prepare());
      return sealed.summary;
    } catch (error) {
      throw asUserError(error, `A checkpoint of agent "${agent}" cannot be written`);
    }
  }

  /** The pinned ids in an agent's folder as they are now; null where all count as pinned. */
  pinsIn({ path }: AgentListing): ReadonlySet<string> | null {
    return this.#pins(path).read();
  }

  setPinned({ home, id }: Entry, pinned: boolean): void {
    this.locked(pinned ? "pinned" : "unpinned", () => this.#pins(home.path).change(id, pinned));
  }

  /** Answers whether it was there. */
  remove({ home, id }: Entry): boolean {
    // The folder itself may have become a link.
    if (lstatSync(home.path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
    try {
      rmSync(join(home.path, `${id}.json`));
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return false;
      throw error;
    }
  }

  #locked<T>(failed: string, action: (isHeld: () => boolean) => T): T {
    try {
      if (this.#makesFolder) this.#prepare();
      // There is nothing to keep others from.
      else if (!this.#isThere()) return action(() => !this.#isThere());
      const result = withLock(join(this.#path, ".pins.lock"), lockWaitMs, action);
      if (result !== null) return result.value;
    } catch (error) {
      throw asUserError(error, failed);
    }
    throw new UserError(`${failed}: another process is at it; try again.`);
  }

  #pins(folder: string): PinsFile {
    return new PinsFile(join(folder, "pins.json"), () => undefined);
  }

  #isThere(): boolean {
    for (const folder of [this.#projIntel, this.#path]) {
      if (!existsSync(folder)) return false;
      refuseLink(folder);
    }
    return true;
  }

  #prepare(): void {
    prepareProjIntel(this.#projIntel);
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    refuseLink(this.#path);
  }
}

function asUserError(error: unknown, what: string): Error {
  if (error instanceof StoreError) return new UserError(error.message);
  if (error instanceof Error && "code" in error) return new UserError(`${what}: ${error.message}.`);
  return error as Error;
}
