import { basename, join } from "node:path";
import { MemoryStore, StoreError, type MemoryEntry, type MemoryGrant } from "../../runtime/index.ts";

/** Which part of the memory of which agent. */
export interface NamespaceRef {
  agent: string;
  namespace: string;
}

/** A value, or why it cannot be shown. */
export type ReadEntry = { key: string; entry: MemoryEntry } | { key: string; entry: null; damage: string };

/** A file that is left out, and why. */
export interface MemoryNote {
  sentence: string;
  /** Its path; null where the sentence names none. */
  file: string | null;
}

/** What agents of a workspace folder remember, as it is now. */
export class FolderMemory {
  readonly #notes: MemoryNote[] = [];
  readonly #store: MemoryStore;

  /** @param root the workspace folder */
  constructor(root: string) {
    const folder = memoryFolder(root);
    this.#store = new MemoryStore({
      folder,
      onWarning: (sentence) => this.#notes.push({ sentence, file: fileIn(folder, sentence) }),
    });
  }

  /** One for each file that was left out so far. */
  get notes(): readonly MemoryNote[] {
    return this.#notes;
  }

  get agents(): string[] {
    return this.#store.agents();
  }

  /** Those that hold values or grants, sorted. */
  namespacesOf(agent: string): string[] {
    const own = this.#store.of(agent);
    return [...new Set([...own.namespaces(), ...own.grants().map(({ namespace }) => namespace)])].sort();
  }

  /** Least recently written first. Throws a StoreError for a file that is damaged. */
  entriesOf({ agent, namespace }: NamespaceRef): ReadEntry[] {
    const own = this.#store.of(agent);
    try {
      return own.entries({ namespace }).map((entry) => ({ key: entry.key, entry }));
    } catch {
      // One of them is damaged, or all are.
      return own.keys({ namespace }).map((key) => {
        try {
          const entry = own.entry(key, { namespace });
          return entry === null ? { key, entry, damage: "It is gone." } : { key, entry };
        } catch (error) {
          return { key, entry: null, damage: error instanceof Error ? error.message : String(error) };
        }
      });
    }
  }

  grantsOf({ agent, namespace }: NamespaceRef): MemoryGrant[] {
    return this.#store
      .of(agent)
      .grants()
      .filter((grant) => grant.namespace === namespace);
  }
}

export const memoryFolder = (root: string): string => join(root, ".proj-intel", "memory");

/** The store of a workspace folder, for one change. */
export const memoryStore = (root: string): MemoryStore =>
  new MemoryStore({ folder: memoryFolder(root), onWarning: () => undefined });

/** The file that a sentence of the store is about. */
function fileIn(folder: string, sentence: string): string | null {
  const start = sentence.indexOf(folder);
  const end = sentence.indexOf(".json", start);
  return start === -1 || end === -1 ? null : sentence.slice(start, end + ".json".length);
}

export const isStoreError = (error: unknown): error is StoreError => error instanceof StoreError;

export const noteLabel = ({ file }: MemoryNote): string =>
  `${file === null ? "A memory file" : basename(file)} is left out`;
