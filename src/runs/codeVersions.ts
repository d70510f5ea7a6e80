import { readFile, stat } from "node:fs/promises";
import { codeVersion, mostCodeBytes } from "../model/codeVersion.ts";
import { stampIn } from "./fileStamps.ts";

/** The code versions of files, which are read again when their time or size is another one. */
export class CodeVersions {
  readonly #known = new Map<string, { stamp: string; version: string }>();

  readonly #asked = new Map<string, Promise<string | null>>();

  /** Null where it cannot be read. Who asks at the same time gets the same. */
  of(path: string): Promise<string | null> {
    const asked = this.#asked.get(path) ?? this.#look(path).finally(() => this.#asked.delete(path));
    this.#asked.set(path, asked);
    return asked;
  }

  async #look(path: string): Promise<string | null> {
    try {
      const found = await stat(path);
      if (found.size > mostCodeBytes) return null;
      const stamp = stampIn(found);
      const known = this.#known.get(path);
      if (known?.stamp === stamp) return known.version;
      const version = codeVersion(await readFile(path));
      this.#known.set(path, { stamp, version });
      return version;
    } catch {
      return null;
    }
  }
}
