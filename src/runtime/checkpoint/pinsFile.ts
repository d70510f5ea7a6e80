import * as z from "zod";
import { writeAtomic } from "../files/atomicFile.ts";
import { readText } from "../files/readText.ts";
import { StoreError, storeError, type Warn } from "../storeError.ts";

const Pins = z.object({ schemaVersion: z.literal(1), pins: z.array(z.uuid()) });
const mostMebibytes = 16;

/** The file `pins.json` of an agent's folder: `{"schemaVersion": 1, "pins": [id, …]}`. */
export class PinsFile {
  readonly #path: string;
  readonly #warn: Warn;

  constructor(path: string, warn: Warn) {
    this.#path = path;
    this.#warn = warn;
  }

  /** Pinned ids; null, with a warning, where the file cannot be read: then everything counts as pinned. */
  read(): ReadonlySet<string> | null {
    try {
      return new Set(Pins.parse(JSON.parse(readText(this.#path, mostMebibytes))).pins);
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") return new Set();
      this.#warn(`${this.#damaged()} Until then every checkpoint beside it counts as pinned.`);
      return null;
    }
  }

  /** Throws a {@link StoreError} where the file cannot be read or written. */
  change(id: string, pinned: boolean): void {
    const pins = this.read();
    if (pins === null) throw new StoreError(this.#damaged());
    if (pins.has(id) === pinned) return;
    const left = pinned ? [...pins, id] : [...pins].filter((other) => other !== id);
    try {
      writeAtomic(this.#path, JSON.stringify({ schemaVersion: 1, pins: left.sort() }));
    } catch (error) {
      throw storeError(`The pins ${this.#path} cannot be written`, error);
    }
  }

  #damaged(): string {
    return `The pins ${this.#path} are damaged or of a newer version: mend the file or remove it.`;
  }
}
