import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describeError } from "../core/errors.ts";
import { writeAtomic } from "../files/atomicFile.ts";
import { withLock } from "../files/lock.ts";
import { prepareProjIntel, refuseLink } from "../files/projIntel.ts";
import { slug } from "../files/slug.ts";
import { StoreError, storeError, type Warn } from "../storeError.ts";
import { memoryFileName, mostMebibytes, readNamespace, stampOf, textOf } from "./file.ts";
import { Namespace, type Place } from "./namespace.ts";
import { byPlace, OneAtATime, type Storage } from "./storage.ts";

interface Known {
  stamp: string | null;
  namespace: Namespace;
}

const lockWaitMs = 10_000;

/** Keeps each namespace in a file `<folder>/<agent>.json`, or `<folder>/<agent>+<namespace>.json`. */
export class FileStorage implements Storage {
  readonly #folder: string;
  readonly #warn: Warn;
  readonly #warned = new Set<string>();
  readonly #known = new Map<string, Known>();
  readonly #oneAtATime = new OneAtATime();

  constructor(folder: string, warn: Warn) {
    this.#folder = resolve(folder);
    this.#warn = warn;
  }

  read(place: Place): Namespace {
    const path = this.#pathOf(place);
    const stamp = stampOf(path);
    const known = this.#known.get(path);
    if (known?.stamp === stamp && stamp !== null) return known.namespace;
    if (stamp === null) {
      this.#known.delete(path);
      return new Namespace(place);
    }
    const namespace = readNamespace(path);
    const { owner, namespace: name } = namespace.place;
    if (owner !== place.owner || name !== place.namespace) {
      throw new StoreError(
        `The memory ${path} is of namespace "${name}" of agent "${owner}", whose file name is the same as that of ` +
          `namespace "${place.namespace}" of agent "${place.owner}": rename one of them. The file is left alone.`,
      );
    }
    this.#known.set(path, { stamp, namespace });
    return namespace;
  }

  change<T>(place: Place, change: (namespace: Namespace) => T): T {
    return this.#oneAtATime.run(() => {
      const path = this.#pathOf(place);
      prepareMemoryFolder(this.#folder);
      // Only what the lock itself throws is about the lock.
      let outcome: { answer: T } | { error: unknown } | undefined;
      const attempt = (isHeld: () => boolean) => {
        try {
          outcome = { answer: this.#changeNow(path, place, change, isHeld) };
        } catch (error) {
          outcome = { error };
        }
      };
      try {
        withLock(`${path}.lock`, lockWaitMs, attempt);
      } catch (error) {
        throw storeError(`The memory ${path} cannot be locked`, error);
      }
      if (outcome === undefined) {
        throw new StoreError(
          `The memory ${path} is in use by another process all the time: try again later.`,
        );
      }
      if ("answer" in outcome) return outcome.answer;
      // It may have been changed without being written.
      this.#known.delete(path);
      throw outcome.error;
    });
  }

  list(owner?: string): Namespace[] {
    const mine = owner === undefined ? "" : slug(owner);
    return this.#fileNames()
      .filter((name) => name.startsWith(mine))
      .flatMap((name) => this.#listed(name))
      .filter(({ place }) => owner === undefined || place.owner === owner)
      .sort(byPlace);
  }

  #changeNow<T>(path: string, place: Place, change: (namespace: Namespace) => T, isHeld: () => boolean): T {
    const namespace = this.read(place);
    const { changes } = namespace;
    const answer = change(namespace);
    if (namespace.changes === changes) return answer;
    const text = namespace.isEmpty ? null : textOf(namespace);
    if (text !== null && Buffer.byteLength(text) > mostMebibytes * 2 ** 20) {
      throw new StoreError(
        `The memory ${path} would be larger than ${mostMebibytes} MiB: keep less in it, or use another namespace.`,
      );
    }
    let isWritten: boolean;
    try {
      if (text !== null) isWritten = writeAtomic(path, text, isHeld);
      else if ((isWritten = isHeld())) rmSync(path, { force: true });
    } catch (error) {
      throw storeError(`The memory ${path} cannot be written`, error);
    }
    if (!isWritten) {
      throw new StoreError(
        `The memory ${path} was not changed: that took so long that another process went on. Try again.`,
      );
    }
    this.#known.set(path, { stamp: stampOf(path), namespace });
    return answer;
  }

  #fileNames(): string[] {
    try {
      return readdirSync(this.#folder).filter((name) => name.endsWith(".json") && !name.startsWith("."));
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return [];
      throw storeError(`The folder ${this.#folder} cannot be read`, error);
    }
  }

  /** What cannot be read is left out, with a warning. */
  #listed(name: string): Namespace[] {
    const path = join(this.#folder, name);
    try {
      const known = this.#known.get(path);
      const namespace =
        known !== undefined && known.stamp === stampOf(path) ? known.namespace : readNamespace(path);
      return this.#pathOf(namespace.place) === path ? [namespace] : [];
    } catch (error) {
      const { message } = describeError(error);
      if (!this.#warned.has(message)) {
        this.#warned.add(message);
        this.#warn(message);
      }
      return [];
    }
  }

  #pathOf(place: Place): string {
    return join(this.#folder, memoryFileName(place));
  }
}

/** Makes the folder, which has to be none that a link leads to. Throws a {@link StoreError} where it cannot. */
export function prepareMemoryFolder(folder: string): void {
  const parent = dirname(folder);
  if (basename(parent) === ".proj-intel") prepareProjIntel(parent);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseLink(folder);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw storeError(`The folder ${folder} cannot be prepared`, error);
  }
}
