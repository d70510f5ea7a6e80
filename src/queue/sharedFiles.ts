/**
 * Files that many processes on many machines share, by name; what is before the last "/" is their folder. Every call waits
 * while the server is away, for a minute at most, and rejects with a UserError then.
 */
export interface SharedFiles {
  /**
   * Writes a whole file, in place of one that is there.
   * @param options.lastsMs after which it is gone by itself
   * @param options.over what it may replace: the tag of the file that was read, or null where there must be none
   * @returns its tag, or null where another file than `over` is there, which stays
   */
  put(
    name: string,
    bytes: Uint8Array,
    options?: { lastsMs?: number; over?: string | null },
  ): Promise<string | null>;
  /** Null where there is none. The tag is another one for other bytes. */
  get(name: string): Promise<{ bytes: Uint8Array; tag: string } | null>;
  /** The names of the files of a folder, sorted; not those of folders in it. */
  list(folder: string): Promise<string[]>;
  remove(names: readonly string[]): Promise<void>;
}
