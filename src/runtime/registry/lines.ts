import { closeSync, openSync, readSync, statSync } from "node:fs";

const newline = 10;
const chunkBytes = 256 * 1024;

/** A line of a file; `text` is null where the line is longer than can be read. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | null;
}

/**
 * The lines of a file, one after the other, so that only one of them is in memory at a time; without their ends and a
 * byte order mark. Throws the system's error, or one that says why the file is not read.
 */
export function* linesOf(path: string, longestBytes: number): Generator<Line, void> {
  // Opening a pipe would wait for a writer.
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error(stat.isDirectory() ? "it is a folder" : "it is not a regular file");
  const file = openSync(path, "r");
  try {
    let number = 0;
    for (const bytes of cut(file, longestBytes)) {
      number += 1;
      yield { number, text: bytes === null ? null : textOf(bytes, number === 1) };
    }
  } finally {
    closeSync(file);
  }
}

function textOf(bytes: Buffer, first: boolean): string {
  const text = bytes.toString("utf8").replace(/\r$/, "");
  return first ? text.replace(/^\uFEFF/, "") : text;
}

/** Cuts a file at its newlines; a line that is too long is null. */
function* cut(file: number, longestBytes: number): Generator<Buffer | null, void> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let begun: Buffer[] = [];
  let length = 0;
  const keep = (bytes: Buffer) => {
    length += bytes.length;
    // The chunk is written over by the next read.
    if (length <= longestBytes) begun.push(Buffer.from(bytes));
    else begun = [];
  };
  const finish = (): Buffer | null => {
    const line = length <= longestBytes ? Buffer.concat(begun) : null;
    begun = [];
    length = 0;
    return line;
  };
  for (;;) {
    const read = readSync(file, chunk, 0, chunkBytes, null);
    if (read === 0) break;
    let start = 0;
    for (;;) {
      const end = chunk.subarray(0, read).indexOf(newline, start);
      if (end === -1) break;
      keep(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < read) keep(chunk.subarray(start, read));
  }
  if (length > 0) yield finish();
}
