import { loadParser, parseOnDisk, type Parsed } from "./parsing.ts";
import { readFile, type Reading } from "./reading.ts";

/** What a helper thread of the indexer does: plain data in and out. Paths are relative to the root. */
export interface Reader {
  /** In the order of the paths. */
  read(root: string, paths: string[]): (Reading | null)[];
  parse(root: string, paths: string[]): Promise<(Parsed | null)[]>;
}

export const reader: Reader = {
  read: (root, paths) => paths.map((path) => readFile(root, path)),
  parse: async (root, paths) => {
    await loadParser();
    return paths.map((path) => parseOnDisk(root, path));
  },
};
