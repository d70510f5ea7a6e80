import { createHash, randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { appendLine, writeAtomic } from "../files/atomicFile.ts";
import { isAlive } from "../files/lock.ts";
import { readBytes, readText } from "../files/readText.ts";
import { slug } from "../files/slug.ts";
import { JournalLine } from "./schema.ts";

const mebibyte = 2 ** 20;
/** A journal that is folded this far is followed by a new one. */
const longestJournal = 256 * 1024;
/** Of all journals together: what cannot be folded must not fill the disk. */
const mostMebibytes = 32;
/** How much is appended before the size of all journals is looked at again. */
const sizeCheckBytes = mebibyte;
const dayMs = 24 * 3600 * 1000;
/** Nobody appends to a journal that was not used for a day; clocks may differ. */
const abandonedMs = 7 * dayMs;

const Offsets = z.record(z.string(), z.number());

/**
 * How far each journal is folded into the patterns file, before and after the last fold. Written before the patterns
 * file is replaced: whichever of the two the file on disk is, each line is folded exactly once.
 */
const FoldState = z.object({
  before: z.object({ hash: z.string(), offsets: Offsets }),
  after: z.object({ offsets: Offsets }),
});

/** What was appended since the last fold. */
export interface Unfolded {
  lines: JournalLine[];
  /** How far each journal was read, in bytes. */
  offsets: Record<string, number>;
  /** Journals whose process was gone before they were read: nothing can come after. */
  finished: string[];
}

const hashOf = (text: string | null): string =>
  text === null ? "none" : createHash("sha256").update(text).digest("hex");

/** The journals of all processes: each appends to its own, and nobody else ever changes that file. */
export class Journals {
  readonly #folder: string;
  /** How much was appended, in characters; its reader sets it back. */
  appended = 0;
  #own = ownName();
  #lastAppend = 0;
  #untilSizeCheck = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Answers false where the journals are as large as they may be. */
  append(line: JournalLine): boolean {
    const text = JSON.stringify(line);
    if (this.#untilSizeCheck <= 0) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (this.#bytes() > mostMebibytes * mebibyte) return false;
      this.#untilSizeCheck = sizeCheckBytes;
    }
    const now = Date.now();
    if (now - this.#lastAppend > dayMs) this.#own = ownName();
    this.#lastAppend = now;
    try {
      appendLine(join(this.#folder, this.#own), text);
    } catch (error) {
      // Somebody may have removed the folder.
      if ((error as { code?: string }).code !== "ENOENT") throw error;
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      appendLine(join(this.#folder, this.#own), text);
    }
    this.#untilSizeCheck -= text.length;
    this.appended += text.length;
    return true;
  }

  /** Reads what is not in the patterns file whose text is given. */
  unfolded(patternsText: string | null): Unfolded {
    const folded = this.#offsets(patternsText);
    const unfolded: Unfolded = { lines: [], offsets: {}, finished: [] };
    for (const name of this.#names()) {
      const finished = this.#isFinished(name);
      let bytes: Buffer;
      try {
        bytes = readBytes(join(this.#folder, name), 2 * mostMebibytes);
      } catch {
        continue;
      }
      if (finished) unfolded.finished.push(name);
      // The writer may be in the middle of its last line.
      const end = bytes.lastIndexOf("\n") + 1;
      const known = folded[name] ?? 0;
      // A shorter file is another one of the same name.
      const start = known > bytes.length ? 0 : Math.min(known, end);
      unfolded.offsets[name] = end;
      for (const line of parseLines(bytes.toString("utf8", start, end))) unfolded.lines.push(line);
    }
    return unfolded;
  }

  /** Call under the lock, before replacing the patterns file, which must not be where this answers false. */
  prepareFold(patternsText: string | null, unfolded: Unfolded, isHeld: () => boolean): boolean {
    const state: z.infer<typeof FoldState> = {
      before: { hash: hashOf(patternsText), offsets: this.#offsets(patternsText) },
      after: { offsets: unfolded.offsets },
    };
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return writeAtomic(join(this.#folder, "folded.json"), JSON.stringify(state), isHeld);
  }

  /** Call under the lock, after replacing the patterns file: removes journals that nobody writes any more. */
  removeFinished(unfolded: Unfolded): void {
    const remove = (name: string) => rmSync(join(this.#folder, name), { force: true });
    unfolded.finished.forEach(remove);
    this.#untilSizeCheck = 0;
    if ((unfolded.offsets[this.#own] ?? 0) > longestJournal) {
      remove(this.#own);
      this.#own = ownName();
    }
  }

  #offsets(patternsText: string | null): Record<string, number> {
    let state: z.infer<typeof FoldState>;
    try {
      state = FoldState.parse(JSON.parse(readText(join(this.#folder, "folded.json"), mostMebibytes)));
    } catch {
      return {};
    }
    return state.before.hash === hashOf(patternsText) ? state.before.offsets : state.after.offsets;
  }

  #bytes(): number {
    return this.#names().reduce((sum, name) => sum + (this.#stat(name)?.size ?? 0), 0);
  }

  #stat(name: string) {
    return lstatSync(join(this.#folder, name), { throwIfNoEntry: false });
  }

  /** Whether nobody writes it any more. */
  #isFinished(name: string): boolean {
    if (ownerIsGone(name)) return true;
    const changed = this.#stat(name)?.mtimeMs;
    return changed !== undefined && Date.now() - changed > abandonedMs;
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => name.endsWith(".jsonl"))
        .sort();
    } catch {
      return [];
    }
  }
}

const ownName = (): string => `${slug(hostname())}_${process.pid}_${randomUUID().slice(0, 8)}.jsonl`;

function parseLines(text: string): JournalLine[] {
  return text.split("\n").flatMap((line) => {
    try {
      const parsed = JournalLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** Only a process of this machine can be known to be gone. */
function ownerIsGone(name: string): boolean {
  const [, host, pid] = /^(.*)_(\d+)_[0-9a-f]+\.jsonl$/.exec(name) ?? [];
  return host === slug(hostname()) && !isAlive(Number(pid));
}
