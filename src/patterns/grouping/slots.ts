import { ANYTHING } from "./words.ts";
import { joined, share, type Sequence } from "./sequence.ts";
import { isVariable } from "./variable.ts";
import type { Word } from "./vocabulary.ts";

/** Further words of a message are compared, but none of them is found to vary. */
const mostPlaces = 80;

interface Slot {
  values: Set<Word>;
  sequences: Sequence[];
}

/**
 * Where sequences vary: sequences that are equal but for one word share a slot there, and what stands in a slot is
 * judged together. Place by place, so that no more than one entry a sequence is held.
 */
export function variablePlaces(sequences: readonly Sequence[]): Map<Sequence, number[]> {
  const found = new Map<Sequence, number[]>();
  const longest = sequences.reduce((most, { known }) => Math.max(most, known.length), 0);
  for (let place = 0; place < Math.min(longest, mostPlaces); place += 1)
    for (const { values, sequences: alike } of slotsAt(sequences, place)) {
      const [one] = alike;
      if (one === undefined || values.size < 2 || !isVariable(values, one, place)) continue;
      for (const sequence of alike) {
        if (sequence.words.compared[place] === ANYTHING) continue;
        const places = found.get(sequence);
        if (places === undefined) found.set(sequence, [place]);
        else places.push(place);
      }
    }
  return found;
}

/** Where sequences differ: most stand alone. */
function slotsAt(sequences: readonly Sequence[], place: number): Slot[] {
  const alone = new Map<number, Sequence>();
  const slots = new Map<number, Slot>();
  for (const sequence of sequences) {
    const word = sequence.known[place];
    if (word === undefined || (!word.fixed && word.text !== ANYTHING)) continue;
    const own = share(word, place);
    const rest = joined((sequence.a - own.a) | 0, (sequence.b - own.b) | 0);
    const other = alone.get(rest);
    if (other === undefined) {
      alone.set(rest, sequence);
      continue;
    }
    let slot = slots.get(rest);
    if (slot === undefined) {
      slot = { values: new Set(other.known.slice(place, place + 1)), sequences: [other] };
      slots.set(rest, slot);
    }
    slot.values.add(word);
    slot.sequences.push(sequence);
  }
  return [...slots.values()];
}
