import { randomUUID } from "node:crypto";
import * as z from "zod";
import { UserError } from "../../model/userError.ts";
import type { SharedFiles } from "../sharedFiles.ts";

const FILE = "memoryIndex";

const Index = z.object({
  /** Another one where the store was begun anew: what a folder had in common with the one before says nothing then. */
  id: z.uuid(),
  /** How often each file of memory was written, by its name. */
  counts: z.record(z.string(), z.number().int().min(1)),
});
export type MemoryIndex = z.infer<typeof Index>;

/** Tells which files of memory the shared store has, and whether they were written since. */
export class SharedMemoryIndex {
  readonly #files: SharedFiles;
  #tag: string | null = null;

  constructor(files: SharedFiles) {
    this.#files = files;
  }

  /** The tag of the index that was read or written last. */
  get tag(): string | null {
    return this.#tag;
  }

  /** Null where there is no memory in the store. */
  async read(): Promise<MemoryIndex | null> {
    return (await this.#get()).index;
  }

  /** The index, which is there from now on. */
  async begin(): Promise<MemoryIndex> {
    return this.#change((index) => index);
  }

  /** After a file was written, so that whoever reads its count first and the file then misses nothing. @returns the new count */
  async count(file: string): Promise<number> {
    const { counts } = await this.#change((index) => ({
      ...index,
      counts: { ...index.counts, [file]: (index.counts[file] ?? 0) + 1 },
    }));
    return counts[file] ?? 0;
  }

  /** Whoever fails to write it was forestalled by one that did: it ends. */
  async #change(change: (index: MemoryIndex) => MemoryIndex): Promise<MemoryIndex> {
    for (;;) {
      const { index, tag } = await this.#get();
      const changed = change(index ?? { id: randomUUID(), counts: {} });
      if (changed === index) return index;
      const bytes = Buffer.from(JSON.stringify(changed));
      const written = await this.#files.put(FILE, bytes, { over: tag });
      if (written === null) continue;
      this.#tag = written;
      return changed;
    }
  }

  async #get(): Promise<{ index: MemoryIndex | null; tag: string | null }> {
    const file = await this.#files.get(FILE);
    this.#tag = file?.tag ?? null;
    if (file === null) return { index: null, tag: null };
    return { index: parsed(file.bytes), tag: file.tag };
  }
}

/** It comes from elsewhere: its id names a folder here. */
function parsed(bytes: Uint8Array): MemoryIndex {
  try {
    return Index.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    throw new UserError(
      "What agents remember was not exchanged with the other machines: the shared store has no valid index of it. Whoever manages the server should see who wrote that.",
    );
  }
}
