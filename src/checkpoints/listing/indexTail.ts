import { closeSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { CheckpointLine } from "../../runtime/checkpoint/schema.ts";
import { openRegular } from "./endsOfFile.ts";

const chunkBytes = 2 ** 18;
/** A longer line is none of ours. */
const mostLineBytes = 2 ** 22;
const beginning = '{"schemaVersion":1,"id":"';

/** What is asked of each line before it is parsed, and told after. */
export interface LineReader {
  wants(id: string): boolean;
  take(line: CheckpointLine): void;
}

/** Reads `index.jsonl` of an agent's folder from its end, a piece at a time: the newest checkpoints stand there. */
export class IndexTail {
  readonly #path: string;
  #inode = -1;
  /** What lies before is still to be read. */
  #from = 0;
  /** What lies behind is new. */
  #to = 0;

  constructor(folder: string) {
    this.#path = join(folder, "index.jsonl");
  }

  get done(): boolean {
    return this.#from === 0;
  }

  /** Looks whether it has grown, or is another file now. */
  refresh(reader: LineReader): void {
    this.#with((file, inode, size) => {
      if (inode !== this.#inode || size < this.#to) {
        this.#inode = inode;
        this.#from = this.#to = size;
        return;
      }
      while (this.#to < size) {
        const text = readBytes(file, this.#to, Math.min(size, this.#to + mostLineBytes));
        const end = text.lastIndexOf(10) + 1;
        if (end === 0) break;
        takeLines(text.toString("utf8", 0, end), reader);
        this.#to += end;
      }
    });
  }

  /** Reads the next piece towards the beginning. */
  readOn(reader: LineReader): void {
    this.#with((file, inode) => {
      if (inode !== this.#inode) this.#from = 0;
      for (let bytes = chunkBytes; this.#from > 0; bytes *= 2) {
        const start = Math.max(0, this.#from - bytes);
        const text = readBytes(file, start, this.#from);
        const begin = start === 0 ? 0 : text.indexOf(10) + 1;
        if (start > 0 && (begin === 0 || begin === text.length)) {
          if (bytes >= mostLineBytes) this.#from = 0;
          continue;
        }
        this.#from = start + begin;
        takeLines(text.toString("utf8", begin), reader);
        return;
      }
    });
  }

  #with(action: (file: number, inode: number, size: number) => void): void {
    let file: number;
    try {
      file = openRegular(this.#path);
    } catch {
      // Missing, or not a file of ours: the checkpoints are read themselves.
      this.#from = 0;
      return;
    }
    try {
      const { ino, size } = fstatSync(file);
      action(file, ino, size);
    } finally {
      closeSync(file);
    }
  }
}

function readBytes(file: number, from: number, to: number): Buffer {
  const buffer = Buffer.allocUnsafe(to - from);
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
}

/** The last line of a checkpoint counts. */
function takeLines(text: string, reader: LineReader): void {
  const lines = text.split("\n");
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i] as string;
    if (line.startsWith(beginning) && !reader.wants(line.slice(beginning.length, beginning.length + 36)))
      continue;
    try {
      const parsed = CheckpointLine.safeParse(JSON.parse(line));
      if (parsed.success && reader.wants(parsed.data.id)) reader.take(parsed.data);
    } catch {
      // A torn line: its checkpoint is read from its file.
    }
  }
}
