import { ts } from "ts-morph";

export type ReadText = (path: string) => string | null | Promise<string | null>;

export function parse(file: string, text: string): ts.SourceFile {
  // The parser takes "#!" for a comment at the very start only; compilers drop a byte-order mark before it looks.
  const readable = text.replace(/^\uFEFF#!/, "\uFEFF//");
  const source = ts.createSourceFile(file, readable, ts.ScriptTarget.Latest, true);
  source.text = text;
  return source;
}

/** Parses files, and keeps the last few: base classes and the files beside a class are asked for again and again. */
export class ParsedFiles {
  readonly #readText: ReadText;
  readonly #kept = new Map<string, ts.SourceFile>();

  constructor(readText: ReadText) {
    this.#readText = readText;
  }

  async at(path: string): Promise<ts.SourceFile | null> {
    const text = await this.#readText(path);
    if (text === null) return null;
    const known = this.#kept.get(path);
    this.#kept.delete(path);
    const source = known?.text === text ? known : parse(path, text);
    this.#kept.set(path, source);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return source;
  }
}

const mostKept = 20;
