import type { Vocabulary, Word } from "./vocabulary.ts";
import type { Words } from "./words.ts";

/** Messages that compare alike, among those of one kind. */
export interface Sequence {
  /** Only sequences of one kind are compared with each other. */
  kind: string;
  words: Words;
  known: Word[];
  /** Over the kind and all words. */
  a: number;
  b: number;
  /** How many of its words are fixed. */
  fixed: number;
  /** The messages, by number. */
  members: number[];
}

const powers: { a: number[]; b: number[] } = { a: [1], b: [1] };

/** What the word at a place adds to the hashes of its sequence. */
export function share(word: Word, place: number): { a: number; b: number } {
  for (let i = powers.a.length; i <= place; i += 1) {
    powers.a.push(Math.imul(powers.a[i - 1] ?? 1, 0x9e3779b1));
    powers.b.push(Math.imul(powers.b[i - 1] ?? 1, 0x85ebca77));
  }
  return { a: Math.imul(word.a, powers.a[place] ?? 1), b: Math.imul(word.b, powers.b[place] ?? 1) };
}

/** Both hashes as one number. */
export const joined = (a: number, b: number): number => (a >>> 0) * 2 ** 21 + (b >>> 11);

export function sequenceOf(kind: string, words: Words, members: number[], vocabulary: Vocabulary): Sequence {
  const known = words.compared.map((text) => vocabulary.of(text));
  const ofKind = vocabulary.of(kind);
  const sequence = { kind, words, known, a: ofKind.a ^ known.length, b: ofKind.b, fixed: 0, members };
  known.forEach((word, place) => {
    const { a, b } = share(word, place);
    sequence.a = (sequence.a + a) | 0;
    sequence.b = (sequence.b + b) | 0;
    if (word.fixed) sequence.fixed += 1;
  });
  return sequence;
}
