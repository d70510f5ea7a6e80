import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { appendLine, writeAtomic } from "../files/atomicFile.ts";
import { isAlive } from "../files/lock.ts";
import { readBytes, readText } from "../files/readText.ts";
import { slug } from "../files/slug.ts";
import { JournalLine } from "./schema.ts";

const longestJournal = 256 * 1024;
const mostMebibytes = 64;

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
  #own = ownName();

  constructor(folder: string) {
    this.#folder = folder;
  }

  append(line: JournalLine): void {
    if (!existsSync(this.#folder)) mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    appendLine(join(this.#folder, this.#own), JSON.stringify(line));
  }

  /** Reads what is not in the patterns file whose text is given. */
  unfolded(patternsText: string | null): Unfolded {
    const folded = this.#offsets(patternsText);
    const unfolded: Unfolded = { lines: [], offsets: {}, finished: [] };
    for (const name of this.#names()) {
      const finished = ownerIsGone(name);
      let bytes: Buffer;
      try {
        bytes = readBytes(join(this.#folder, name), mostMebibytes);
      } catch {
        continue;
      }
      if (finished) unfolded.finished.push(name);
      const start = folded[name] ?? 0;
      // The writer may be in the middle of its last line.
      const end = bytes.lastIndexOf("\n") + 1;
      unfolded.offsets[name] = Math.max(start, end);
      unfolded.lines.push(...parseLines(bytes.toString("utf8", start, Math.max(start, end))));
    }
    return unfolded;
  }

  /** Call under the lock, before replacing the patterns file. */
  prepareFold(patternsText: string | null, unfolded: Unfolded): void {
    const state: z.infer<typeof FoldState> = {
      before: { hash: hashOf(patternsText), offsets: this.#offsets(patternsText) },
      after: { offsets: unfolded.offsets },
    };
    writeAtomic(join(this.#folder, "folded.json"), JSON.stringify(state));
  }

  /** Call under the lock, after replacing the patterns file: removes journals that nobody writes any more. */
  removeFinished(unfolded: Unfolded): void {
    const remove = (name: string) => rmSync(join(this.#folder, name), { force: true });
    unfolded.finished.forEach(remove);
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
