import { existsSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { writeAtomic } from "../files/atomicFile.ts";
import { withLock } from "../files/lock.ts";
import { prepareProjIntel } from "../files/projIntel.ts";
import { StoreError, type Warn } from "../storeError.ts";
import { foldLines } from "./fold.ts";
import { Journals, mostReadMebibytes, type Unfolded } from "./journals.ts";
import { isLaidOut, toText } from "./layout.ts";
import { mostMebibytes, type PatternsFile, readPatterns } from "./patternsFile.ts";
import { retained } from "./retention.ts";
import type { JournalLine } from "./schema.ts";
import type { ErrorPattern } from "./types.ts";

const mostWarnings = 100;
const editWaitMs = 2000;
/** Journals that grew beyond all bounds are folded in so many steps at once. */
const mostSteps = 5;
/** Git keeps the lines of both branches; whoever reads the file makes one pattern of two lines. */
const attributes = "error_patterns.json merge=union\n";

/** `error_patterns.json` with the journals of all processes; whoever holds the lock folds these into it. */
export class PatternsStore {
  readonly folder: string;
  readonly file: string;
  readonly #warn: Warn;
  readonly #maxPatterns: number;
  readonly #journals: Journals;
  readonly #warned = new Set<string>();

  constructor(
    folder: string,
    { warn, maxPatterns = 1000 }: { warn: Warn; maxPatterns?: number | undefined },
  ) {
    this.folder = resolve(folder);
    this.file = join(this.folder, "error_patterns.json");
    this.#warn = warn;
    this.#maxPatterns = maxPatterns;
    this.#journals = new Journals(join(this.folder, "error_patterns.journal"));
  }

  /** How much was appended since the last fold, in characters. */
  get appended(): number {
    return this.#journals.appended;
  }

  /** Answers false where the journals are as large as they may be. */
  append(line: JournalLine): boolean {
    return this.#journals.append(line);
  }

  /** All patterns as they are kept, with what is in journals only. */
  patterns(): ErrorPattern[] {
    const file = this.#read();
    const { lines, more } = this.#journals.unfolded(file?.text ?? null);
    const { link, folder } = this.#journals;
    if (link !== null)
      this.warnOnce(`${link} is a link, not a folder: what is in ${folder} is not counted; remove the link.`);
    if (more)
      this.warnOnce(
        `${folder} holds more than ${mostReadMebibytes} MiB that ${this.file} has not: the newest is counted here, and the rest once it is folded in.`,
      );
    return foldLines(file?.content.patterns ?? [], lines);
  }

  /**
   * Folds journals into the file, unless another process holds the lock for longer than `waitMs`. Throws a
   * {@link StoreError} where a link leads to elsewhere.
   */
  fold(waitMs: number): void {
    if (!existsSync(this.folder)) return;
    this.#journals.refuseLink();
    this.#journals.appended = 0;
    this.#locked(waitMs, (isHeld) => {
      for (let step = 0; step < mostSteps; step += 1) {
        const file = this.#read();
        if (file === null) return;
        const unfolded = this.#journals.unfolded(file.text);
        if (!unfolded.advanced || !this.#replace(file, unfolded, null, isHeld) || !unfolded.more) return;
      }
    });
  }

  /**
   * Changes the patterns as {@link patterns} tells them. Throws what `change` throws, and a {@link StoreError} where the
   * file cannot be written: then nothing has changed.
   */
  edit(change: (patterns: ErrorPattern[]) => ErrorPattern[]): void {
    prepareProjIntel(this.folder);
    this.#journals.refuseLink();
    const done = this.#locked(editWaitMs, (isHeld) => {
      const file = readPatterns(this.file);
      if (typeof file === "string") throw new StoreError(`${this.file} is left alone: ${file}.`);
      return this.#replace(file, this.#journals.unfolded(file.text), change, isHeld);
    });
    if (done?.value !== true)
      throw new StoreError(`${this.file} is in use by another process, or too large; nothing is changed.`);
  }

  /** Told once, and not too often. */
  warnOnce(message: string): void {
    if (this.#warned.has(message) || this.#warned.size >= mostWarnings) return;
    this.#warned.add(message);
    this.#warn(message);
  }

  #locked<T>(waitMs: number, action: (isHeld: () => boolean) => T): { value: T } | null {
    return withLock(join(this.folder, "error_patterns.lock"), waitMs, action);
  }

  #replace(
    file: PatternsFile,
    unfolded: Unfolded,
    change: ((patterns: ErrorPattern[]) => ErrorPattern[]) | null,
    isHeld: () => boolean,
  ): boolean {
    const now = new Date();
    const folded = foldLines(file.content.patterns, unfolded.lines);
    const wanted = change === null ? folded : change(folded);
    // Who changes one by hand wants to lose no other.
    const kept = change === null ? retained(wanted, this.#maxPatterns, now) : wanted;
    const text = toText(file.content, kept, { now, dropped: wanted.length - kept.length });
    if (Buffer.byteLength(text) > mostMebibytes * 2 ** 20) {
      this.#leaveAlone(`with the new errors it would be larger than ${mostMebibytes} MiB`);
      return false;
    }
    // Who takes them away later has a reason.
    if (file.text === null || !isLaidOut(file.text)) this.#writeAttributes();
    // Another process that took the lock meanwhile has folded these lines, or will.
    if (!this.#journals.prepareFold(file.text, unfolded, isHeld)) return false;
    const replaced = writeAtomic(this.file, text, isHeld);
    if (replaced) this.#journals.removeFinished(unfolded);
    return replaced;
  }

  #writeAttributes(): void {
    if (basename(this.folder) !== ".proj-intel") return;
    try {
      writeFileSync(join(this.folder, ".gitattributes"), attributes, { flag: "wx" });
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }

  /** The file, or null where it is damaged or newer: then it is left alone, and journals wait. */
  #read(): PatternsFile | null {
    const file = readPatterns(this.file);
    return typeof file === "string" ? this.#leaveAlone(file) : file;
  }

  #leaveAlone(why: string): null {
    this.warnOnce(
      `${this.file} is left alone: ${why}. New errors wait in error_patterns.journal until it is mended.`,
    );
    return null;
  }
}
