import { covered } from "./longer.ts";
import { sequenceOf, type Sequence } from "./sequence.ts";
import { variablePlaces } from "./slots.ts";
import { Vocabulary } from "./vocabulary.ts";
import { ANYTHING, compact, united, wordsOf, type Words } from "./words.ts";

/** What varies in one place shows what varies in another: so often it is looked for again. */
const mostRounds = 8;

/** A message with placeholders, and what it must share with others to be of one group with them. */
export interface Groupable {
  /** Messages of different kinds are never grouped, for example those of different types of errors. */
  kind: string;
  normalised: string;
}

/** Messages of one group. */
export interface Group {
  /** What they have in common. */
  words: Words;
  /** Their numbers. */
  members: number[];
}

/**
 * Groups messages by what they are to each other. Words vary where the rest of the message stays the same; how many
 * different ones have to be seen depends on what they look like, and on how much stays. The order of the messages does
 * not matter.
 */
export function groupsOf(messages: readonly Groupable[]): Group[] {
  const vocabulary = new Vocabulary();
  const byKey = new Sequences(vocabulary);
  messages.forEach(({ kind, normalised }, i) => byKey.add(kind, wordsOf(normalised), [i]));
  let sequences = byKey.all;
  for (let round = 0; round < mostRounds; round += 1) {
    const variable = variablePlaces(sequences);
    if (variable.size === 0) break;
    const next = new Sequences(vocabulary);
    for (const sequence of sequences) {
      const places = variable.get(sequence);
      next.add(
        sequence.kind,
        places === undefined ? sequence.words : masked(sequence.words, places),
        sequence.members,
      );
    }
    sequences = next.all;
  }
  return underCovers(sequences);
}

function underCovers(sequences: Sequence[]): Group[] {
  const covers = covered(sequences);
  const groups = new Map(sequences.map(({ words, members }, i) => [sequences[i], { words, members }]));
  for (const [sequence, cover] of covers) {
    let top = cover;
    for (let next = covers.get(top); next !== undefined; next = covers.get(top)) top = next;
    groups.get(top)?.members.push(...sequence.members);
    groups.delete(sequence);
  }
  return [...groups.values()];
}

function masked({ compared, shown, spaced }: Words, places: readonly number[]): Words {
  const mask = (texts: readonly string[]) => {
    const copy = [...texts];
    for (const place of places) copy[place] = ANYTHING;
    return copy;
  };
  return compact({ compared: mask(compared), shown: mask(shown), spaced });
}

class Sequences {
  readonly #byKey = new Map<string, Sequence>();
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  get all(): Sequence[] {
    return [...this.#byKey.values()];
  }

  add(kind: string, words: Words, members: readonly number[]): void {
    const key = `${kind}\0${words.compared.join(" ")}`;
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, sequenceOf(kind, words, [...members], this.#vocabulary));
    else {
      known.words = united(known.words, words);
      for (const member of members) known.members.push(member);
    }
  }
}
