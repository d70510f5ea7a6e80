import { ANYTHING, isCode } from "./words.ts";

/** What is known of a word. */
export interface Word {
  text: string;
  /** Two hashes. */
  a: number;
  b: number;
  /** Neither punctuation nor what varies. */
  fixed: boolean;
  /** Looks like a name that a program or machine gave, such as com.example.Thing, disk0 or /srv. */
  named: boolean;
  /** Tells what happened: a code, or "started", "closing". */
  telling: boolean;
}

/** Words and what is known of each, worked out once. */
export class Vocabulary {
  readonly #words = new Map<string, Word>();

  of(text: string): Word {
    let word = this.#words.get(text);
    if (word === undefined) this.#words.set(text, (word = wordOf(text)));
    return word;
  }
}

function wordOf(text: string): Word {
  const code = isCode(text);
  return {
    text,
    a: hash(text, 0x811c9dc5),
    b: hash(text, 0x1b873593),
    fixed: text !== ANYTHING && /[\p{L}\p{N}_]/u.test(text),
    named: !code && /\p{N}|[/@$\\]|[^.]\.[^.]/u.test(text),
    telling: code || /(?:ed|ing|Error|Exception)$/.test(text),
  };
}

function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return value ^ (value >>> 13);
}
