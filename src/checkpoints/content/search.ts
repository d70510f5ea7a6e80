import { closeSync, readSync } from "node:fs";
import type { CheckpointKey, SearchResult } from "../../model/checkpoints.ts";
import type { Pace } from "../jobs.ts";
import { openRegular } from "../listing/endsOfFile.ts";
import type { Entry } from "../listing/entry.ts";
import { keyOf } from "../view/listed.ts";
import { fileOf } from "./inspect.ts";

const pieceBytes = 2 ** 20;
const tellEveryMs = 150;

export interface SearchEvents {
  progress(done: number, total: number): void;
  found(keys: CheckpointKey[]): void;
}

/**
 * Looks for a text in the content of checkpoints, whatever the case of ASCII letters; strings are looked at as JSON has
 * them. Reads pieces, so that memory does not grow with files.
 */
export async function searchContent(
  entries: readonly Entry[],
  text: string,
  pace: Pace,
  events: SearchEvents,
): Promise<{ result: SearchResult; ids: Set<string> }> {
  const needle = new Needle(text);
  const ids = new Set<string>();
  const result: SearchResult = { found: 0, read: 0, skipped: 0 };
  const buffer = Buffer.allocUnsafe(pieceBytes);
  let fresh: CheckpointKey[] = [];
  let told = performance.now();
  const tell = (done: number) => {
    if (fresh.length > 0) events.found(fresh);
    fresh = [];
    events.progress(done, entries.length);
    told = performance.now();
  };
  for (const [i, entry] of entries.entries()) {
    try {
      if (await isIn(fileOf(entry), needle, buffer, pace)) {
        ids.add(keyOf(entry));
        fresh.push({ folder: entry.home.folder.folder, id: entry.id });
        result.found += 1;
      }
      result.read += 1;
    } catch (error) {
      if (pace.signal.aborted) throw error;
      result.skipped += 1;
    }
    await pace.step();
    if (performance.now() - told > tellEveryMs) tell(i + 1);
  }
  tell(entries.length);
  return { result, ids };
}

/** Within what follows `"context":`, and before the hash. */
async function isIn(path: string, needle: Needle, buffer: Buffer, pace: Pace): Promise<boolean> {
  const file = openRegular(path);
  try {
    let kept = 0;
    let begun = false;
    for (let at = 0; ;) {
      const read = readSync(file, buffer, kept, buffer.length - kept, at);
      if (read === 0) return false;
      at += read;
      let piece = buffer.subarray(0, kept + read);
      if (!begun) {
        const context = piece.indexOf('"context"');
        // Not as this version writes it: all of it is looked at.
        if (context !== -1) piece = piece.subarray(context);
        begun = true;
      }
      if (needle.isIn(piece)) return true;
      kept = Math.min(needle.length - 1, piece.length);
      piece.copy(buffer, 0, piece.length - kept);
      await pace.step();
    }
  } finally {
    closeSync(file);
  }
}

class Needle {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #pattern: RegExp | null;

  constructor(text: string) {
    // As it stands in a string of JSON.
    const json = JSON.stringify(text).slice(1, -1);
    this.#bytes = Buffer.from(json);
    this.length = this.#bytes.length;
    const lower = json.toLowerCase();
    this.#pattern =
      lower === json.toUpperCase()
        ? null
        : new RegExp(this.#bytes.toString("latin1").replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
  }

  isIn(piece: Buffer): boolean {
    if (this.#pattern === null) return piece.includes(this.#bytes);
    return this.#pattern.test(piece.toString("latin1"));
  }
}
