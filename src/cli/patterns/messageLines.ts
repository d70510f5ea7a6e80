import { createReadStream } from "node:fs";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters, TextDecoder } from "node:util";
import { UserError } from "../../model/userError.ts";
import { existingFile } from "../workspace.ts";

/** A line that holds a message. */
export interface MessageLine {
  /** From 1; empty lines count. */
  line: number;
  text: string;
}

/** Of a longer line, the beginning is read. */
const longestLine = 2 ** 20;

/** Lines that can be read more than once. */
export class MessageLines {
  readonly #file: FileHandle;
  readonly #name: string;
  readonly #size: number;

  private constructor(file: FileHandle, name: string, size: number) {
    this.#file = file;
    this.#name = name;
    this.#size = size;
  }

  /**
   * Gives the lines of a file, or of standard input (`-`), to `action`. What cannot be read twice, a pipe, is copied to
   * a temporary file. Rejects with a UserError where there is nothing to read.
   */
  static async with<T>(name: string, action: (lines: MessageLines) => Promise<T>): Promise<T> {
    const file = name === "-" ? null : await openFile(name);
    try {
      const stats = await file?.stat();
      if (file !== null && stats?.isFile()) return await action(new MessageLines(file, name, stats.size));
      return await withCopy(file?.createReadStream({ autoClose: false }) ?? process.stdin, async (copy) => {
        const shown = name === "-" ? "Standard input" : name;
        return await action(new MessageLines(copy, shown, (await copy.stat()).size));
      });
    } finally {
      await file?.close();
    }
  }

  /** The lines that are not empty, many at a time. What is written to the file meanwhile is not read. */
  async *read(): AsyncGenerator<MessageLine[]> {
    let line = 0;
    let rest = "";
    for await (const text of this.#decoded()) {
      const parts = text.split("\n");
      const last = parts.pop() ?? "";
      const messages: MessageLine[] = [];
      for (const part of parts) {
        line += 1;
        const message = messageOf(rest === "" ? part : rest + part);
        rest = "";
        if (message !== "") messages.push({ line, text: message });
      }
      yield messages;
      // What is too long is dropped while it comes: a line may be as long as the file.
      if (rest.length < longestLine) rest += last.slice(0, longestLine);
    }
    const message = messageOf(rest);
    if (message !== "") yield [{ line: line + 1, text: message }];
  }

  async *#decoded(): AsyncGenerator<string> {
    if (this.#size === 0) return;
    let decoder: TextDecoder | null = null;
    for await (const chunk of createReadStream("", {
      ...{ fd: this.#file, autoClose: false, start: 0, end: this.#size - 1, highWaterMark: 2 ** 18 },
    }) as AsyncIterable<Buffer>) {
      if (decoder === null) {
        decoder = new TextDecoder(encodingOf(chunk));
        if (decoder.encoding === "utf-8" && chunk.includes(0))
          throw new UserError(`${this.#name} is no text: give a file with one message a line.`);
      }
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? "";
  }
}

async function openFile(name: string): Promise<FileHandle> {
  return await open(existingFile(name)).catch((error: unknown) => {
    throw error instanceof UserError
      ? error
      : new UserError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function withCopy<T>(
  from: AsyncIterable<unknown>,
  action: (copy: FileHandle) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "opsvi-agents-"));
  try {
    const copy = await open(join(folder, "lines"), "wx+", 0o600);
    try {
      for await (const chunk of from) await copy.appendFile(chunk as Buffer);
      return await action(copy);
    } finally {
      await copy.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Windows writes UTF-16 where output goes to a file. */
function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** A JSON string holds line breaks, those of a stack. */
function messageOf(line: string): string {
  const text = line.trim();
  return stripVTControlCharacters(text.startsWith('"') ? unquoted(text) : text).trim();
}

function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}
