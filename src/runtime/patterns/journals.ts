import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { appendLine, writeAtomic } from "../files/atomicFile.ts";
import { refuseLink } from "../files/projIntel.ts";
import { readText } from "../files/readText.ts";
import { isLink, type JournalFile, journalsIn, newJournalName, readPart } from "./journalFile.ts";
import { JournalLine } from "./schema.ts";

const mebibyte = 2 ** 20;
/** A journal that is folded this far is followed by a new one. */
const longestJournal = 256 * 1024;
/** Of all journals together: what cannot be folded must not fill the disk. */
const mostMebibytes = 32;
/** What is read at once of all journals: it takes about a second. */
export const mostReadMebibytes = 8;
/** To open a file takes as long as to read so much. */
const leastBytes = 4096;
/** How much is appended before the size of all journals is looked at again. */
const sizeCheckBytes = mebibyte;
const dayMs = 24 * 3600 * 1000;

const Offsets = z.record(z.string(), z.int().min(0));

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
  /** Whether any was read further than before. */
  advanced: boolean;
  /** Whether there is more than is read at once. */
  more: boolean;
  /** Journals whose process was gone before they were read: nothing can come after. */
  finished: string[];
}

const hashOf = (text: string | null): string =>
  text === null ? "none" : createHash("sha256").update(text).digest("hex");

/** The journals of all processes: each appends to its own, and nobody else ever changes that file. */
export class Journals {
  readonly folder: string;
  /** How much was appended, in characters; its reader sets it back. */
  appended = 0;
  #own = newJournalName();
  #lastAppend = 0;
  #untilSizeCheck = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A link that leads to another folder than this one, which a repository may hold; null where there is none. */
  get link(): string | null {
    const parent = dirname(this.folder);
    const paths = basename(parent) === ".proj-intel" ? [parent, this.folder] : [this.folder];
    return paths.find(isLink) ?? null;
  }

  /** Call before anything is changed. Throws a {@link StoreError} where a link leads to elsewhere. */
  refuseLink(): void {
    const { link } = this;
    if (link !== null) refuseLink(link);
  }

  /** Answers false where the journals are as large as they may be. */
  append(line: JournalLine): boolean {
    const text = JSON.stringify(line);
    this.refuseLink();
    if (this.#untilSizeCheck <= 0) {
      this.#make();
      const bytes = journalsIn(this.folder).reduce((sum, { size }) => sum + size, 0);
      if (bytes > mostMebibytes * mebibyte) return false;
      this.#untilSizeCheck = sizeCheckBytes;
    }
    const now = Date.now();
    if (now - this.#lastAppend > dayMs) this.#own = newJournalName();
    this.#lastAppend = now;
    try {
      appendLine(join(this.folder, this.#own), text);
    } catch (error) {
      // Somebody may have removed the folder.
      if ((error as { code?: string }).code !== "ENOENT") throw error;
      this.#make();
      appendLine(join(this.folder, this.#own), text);
    }
    this.#untilSizeCheck -= text.length;
    this.appended += text.length;
    return true;
  }

  /** Reads what is not in the patterns file whose text is given: of what is too much, our own and the newest journals. */
  unfolded(patternsText: string | null): Unfolded {
    const unfolded: Unfolded = { lines: [], offsets: {}, advanced: false, more: false, finished: [] };
    if (this.link !== null) return unfolded;
    const folded = this.#offsets(patternsText);
    const read: JournalLine[][] = [];
    let room = mostReadMebibytes * mebibyte;
    for (const { name, size, finished } of this.#ownFirst()) {
      const known = folded[name] ?? 0;
      // A shorter file is another one of the same name.
      const start = known > size ? 0 : known;
      const most = Math.min(size - start, Math.max(0, room));
      let bytes: Buffer;
      try {
        bytes = most === 0 ? Buffer.alloc(0) : readPart(join(this.folder, name), start, most);
      } catch {
        unfolded.offsets[name] = known;
        continue;
      }
      // The writer may be in the middle of its last line.
      const end = bytes.lastIndexOf("\n") + 1;
      if (start + bytes.length < size) unfolded.more = true;
      else if (finished) unfolded.finished.push(name);
      unfolded.offsets[name] = start + end;
      if (most > 0) room -= Math.max(leastBytes, bytes.length);
      if (end === 0) continue;
      unfolded.advanced = true;
      read.push(parseLines(bytes.toString("utf8", 0, end)));
    }
    unfolded.lines = read.reverse().flat();
    return unfolded;
  }

  /** Call under the lock, before replacing the patterns file, which must not be where this answers false. */
  prepareFold(patternsText: string | null, unfolded: Unfolded, isHeld: () => boolean): boolean {
    this.refuseLink();
    const state: z.infer<typeof FoldState> = {
      before: { hash: hashOf(patternsText), offsets: this.#offsets(patternsText) },
      after: { offsets: unfolded.offsets },
    };
    this.#make();
    return writeAtomic(join(this.folder, "folded.json"), JSON.stringify(state), isHeld);
  }

  /** Call under the lock, after replacing the patterns file: removes journals that nobody writes any more. */
  removeFinished(unfolded: Unfolded): void {
    this.refuseLink();
    const remove = (name: string) => rmSync(join(this.folder, name), { force: true });
    unfolded.finished.forEach(remove);
    this.#untilSizeCheck = 0;
    // Of a journal that is too long for one reading the rest is still to be read.
    if (!unfolded.more && (unfolded.offsets[this.#own] ?? 0) > longestJournal) {
      remove(this.#own);
      this.#own = newJournalName();
    }
  }

  #make(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  #offsets(patternsText: string | null): Record<string, number> {
    let state: z.infer<typeof FoldState>;
    try {
      state = FoldState.parse(JSON.parse(readText(join(this.folder, "folded.json"), mostMebibytes)));
    } catch {
      return {};
    }
    return state.before.hash === hashOf(patternsText) ? state.before.offsets : state.after.offsets;
  }

  #ownFirst(): JournalFile[] {
    const isOwn = ({ name }: JournalFile) => name === this.#own;
    return journalsIn(this.folder).sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  }
}

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
