import { closeSync, openSync, readSync, lstatSync } from "node:fs";
import { appendLine, writeAtomic } from "../files/atomicFile.ts";
import { readText } from "../files/readText.ts";
import { CheckpointLine } from "./schema.ts";

const mostMebibytes = 256;
const mostPending = 32;

/**
 * The file `index.jsonl` of an agent's folder. It only saves reading: what is missing in it is read from the files and
 * added, so lines are written in batches, without waiting for the disk, and may be lost.
 */
export class IndexFile {
  readonly #path: string;
  #lines = new Map<string, CheckpointLine>();
  #pending: CheckpointLine[] = [];
  /** What of the file was read: up to a line's end. */
  #read = { inode: -1, bytes: 0, lines: 0 };

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds a line, sooner or later. */
  add(line: CheckpointLine): void {
    this.#pending.push(line);
    if (this.#pending.length >= mostPending) this.flush();
  }

  /** Writes what was added. A folder that cannot be written can be listed all the same. */
  flush(): void {
    if (this.#pending.length === 0) return;
    try {
      appendLine(this.#path, this.#pending.map((line) => JSON.stringify(line)).join("\n"));
    } catch {
      // Others read the files.
      for (const line of this.#pending) this.#lines.set(line.id, line);
    }
    this.#pending = [];
  }

  /** Lines by id; also of checkpoints that are gone. */
  lines(): ReadonlyMap<string, CheckpointLine> {
    this.flush();
    try {
      this.#readOn();
    } catch {
      // Missing, or not a file of ours.
    }
    return this.#lines;
  }

  /** Forgets what is gone, and where that is most of the file, rewrites it. */
  compact(isThere: (id: string) => boolean): void {
    const left = [...this.#lines.values()].filter(({ id }) => isThere(id));
    if (this.#read.lines <= 2 * left.length + 64) return;
    this.#lines = new Map(left.map((line) => [line.id, line]));
    try {
      writeAtomic(this.#path, left.map((line) => `${JSON.stringify(line)}\n`).join(""));
    } catch {
      // It stays as it is.
    }
    this.#read = { inode: -1, bytes: 0, lines: 0 };
  }

  #readOn(): void {
    const stat = lstatSync(this.#path);
    const { inode, bytes } = this.#read;
    if (stat.ino === inode && stat.size === bytes) return;
    if (stat.ino !== inode || stat.size < bytes) {
      this.#read = { inode: stat.ino, bytes: 0, lines: 0 };
      this.#take(readText(this.#path, mostMebibytes));
    } else {
      this.#take(this.#tail(bytes, stat.size));
    }
  }

  #tail(from: number, to: number): string {
    const file = openSync(this.#path, "r");
    try {
      const buffer = Buffer.alloc(to - from);
      return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, from));
    } finally {
      closeSync(file);
    }
  }

  #take(text: string): void {
    const end = text.lastIndexOf("\n") + 1;
    for (const line of text.slice(0, end).split("\n")) {
      try {
        const parsed = CheckpointLine.safeParse(JSON.parse(line));
        if (parsed.success) this.#lines.set(parsed.data.id, parsed.data);
      } catch {
        // A torn line: its checkpoint is read from its file.
      }
      this.#read.lines += 1;
    }
    this.#read.bytes += Buffer.byteLength(text.slice(0, end));
  }
}
