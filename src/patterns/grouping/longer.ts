import { joined, share, type Sequence } from "./sequence.ts";
import { leastInCommon } from "./variable.ts";
import type { Word } from "./vocabulary.ts";
import { ANYTHING } from "./words.ts";

/** What varies may be so many words and pieces of punctuation. */
const mostWords = 6;

/**
 * Sequences that another one covers, with what covers them: `from <*>, port <*>` covers `from LOCAL(<*>), port <*>`.
 */
export function covered(sequences: readonly Sequence[]): Map<Sequence, Sequence> {
  const ends = sequences.map(endsOf);
  const gaps = new Map<number, Sequence>();
  sequences.forEach((sequence, i) => {
    sequence.words.compared.forEach((word, place) => {
      const key = word === ANYTHING ? ends[i]?.around(place, place + 1) : undefined;
      if (key !== undefined && !gaps.has(key)) gaps.set(key, sequence);
    });
  });
  const found = new Map<Sequence, Sequence>();
  sequences.forEach((sequence, i) => {
    const { known } = sequence;
    for (let from = 1; from < known.length - 2 && !found.has(sequence); from += 1)
      for (let to = from + 2; to <= Math.min(from + mostWords, known.length - 1); to += 1) {
        if (!isValue(known.slice(from, to))) continue;
        const key = ends[i]?.around(from, to);
        const cover = key === undefined ? undefined : gaps.get(key);
        if (cover === undefined || cover === sequence) continue;
        found.set(sequence, cover);
        break;
      }
  });
  return found;
}

/** Words of plain language are something else that a message says, but for a name before a bracket, as in `LOCAL(0)`. */
const isValue = (words: readonly Word[]): boolean =>
  words.some(({ text, named }) => text === ANYTHING || named) &&
  words.every(({ fixed, named }, i) => !fixed || named || /^[([{]$/.test(words[i + 1]?.text ?? ""));

/** Hashes of what stands before and after some place of a sequence. */
function endsOf({ kind, known }: Sequence) {
  const before = { a: [0], b: [0] };
  const after = { a: [0], b: [0] };
  const fixed = [0];
  known.forEach((word, i) => {
    const { a, b } = share(word, i);
    before.a.push(((before.a[i] ?? 0) + a) | 0);
    before.b.push(((before.b[i] ?? 0) + b) | 0);
    const last = known[known.length - 1 - i] ?? word;
    const back = share(last, i);
    after.a.push(((after.a[i] ?? 0) + back.a) | 0);
    after.b.push(((after.b[i] ?? 0) + back.b) | 0);
    fixed.push((fixed[i] ?? 0) + (word.fixed ? 1 : 0));
  });
  const seed = kind.length;
  return {
    around(from: number, to: number): number | undefined {
      const rest = known.length - to;
      if (from === 0 || rest === 0) return undefined;
      const common = (fixed[known.length] ?? 0) - (fixed[to] ?? 0) + (fixed[from] ?? 0);
      if (common < leastInCommon) return undefined;
      const a = Math.imul(before.a[from] ?? 0, 0x27d4eb2f) + (after.a[rest] ?? 0) + seed;
      const b = Math.imul(before.b[from] ?? 0, 0x165667b1) + (after.b[rest] ?? 0) + seed;
      return joined(a | 0, b | 0);
    },
  };
}
