import { lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { writeAtomic } from "../../runtime/files/atomicFile.ts";
import { refuseLink } from "../../runtime/files/projIntel.ts";
import type { CommonMemory } from "./mergeMemory.ts";

const FOLDER = ".exchanged";
const Store = z.uuid();

const Kept = z.object({
  tag: z.string().nullable(),
  count: z.number(),
  stamp: z.string().nullable(),
  entries: z.array(z.tuple([z.string(), z.string()])),
  grants: z.array(z.tuple([z.string(), z.enum(["read", "write"])])),
});

/** What a folder knows of a file of memory since it was last exchanged with a shared store. */
export interface Exchanged {
  /** Of the shared file that the folder had in common with the store; null where there was none. */
  tag: string | null;
  /** How often it had been written by then, see `MemoryIndex`. */
  count: number;
  /** Of the file in the folder, where that held the same; null where there was none, "" where it held more. */
  stamp: string | null;
  common: CommonMemory;
}

/** Kept beside the memory itself, so that it goes where that goes, and all processes of the folder know it. */
export class ExchangedFiles {
  readonly #memory: string;
  readonly #folder: string;
  /** By name, with what tells whether it was written since. */
  readonly #known = new Map<string, { file: string; exchanged: Exchanged }>();

  /** @param store the id of the shared store; throws where that is no UUID, as it is the name of a folder */
  constructor(memory: string, store: string) {
    this.#memory = memory;
    this.#folder = join(memory, FOLDER, Store.parse(store));
  }

  /** The names of files that were exchanged. */
  names(): string[] {
    try {
      return readdirSync(this.#folder).filter((name) => name.endsWith(".json") && !name.startsWith("."));
    } catch {
      return [];
    }
  }

  /** Null where it was never exchanged, or that cannot be read any more. */
  read(name: string): Exchanged | null {
    const path = join(this.#folder, name);
    try {
      // Each write makes another file.
      const { ino, mtimeNs, size } = lstatSync(path, { bigint: true });
      const file = [ino, mtimeNs, size].join(" ");
      const known = this.#known.get(name);
      if (known?.file === file) return known.exchanged;
      const kept = Kept.parse(JSON.parse(readFileSync(path, "utf8")));
      const { tag, count, stamp, entries, grants } = kept;
      const exchanged = {
        ...{ tag, count, stamp },
        common: { entries: new Map(entries), grants: new Map(grants) },
      };
      this.#known.set(name, { file, exchanged });
      return exchanged;
    } catch {
      return null;
    }
  }

  /** For whoever holds the lock of the file of memory. */
  write(name: string, { tag, count, stamp, common }: Exchanged): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const folder of [join(this.#memory, FOLDER), this.#folder]) refuseLink(folder);
    const kept = { tag, count, stamp, entries: [...common.entries], grants: [...common.grants] };
    writeAtomic(join(this.#folder, name), JSON.stringify(kept));
  }
}
