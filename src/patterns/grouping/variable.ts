import { ANYTHING } from "./words.ts";
import type { Sequence } from "./sequence.ts";
import type { Word } from "./vocabulary.ts";

/** So many fixed words must be the same before one that differs counts as varying. */
export const leastInCommon = 3;
/** What names something varies as soon as two are seen; a word of plain language only where this many are. */
const fewPlain = 4;
/** In place of {@link leastInCommon} common words, so many different ones. */
const many = 8;
/** The first word mostly tells what happened. */
const first = { inCommon: 4, plain: 5, inCommonOfPlain: 5 };

/** Whether these words, the only difference between messages, are values rather than what the messages say. */
export function isVariable(values: ReadonlySet<Word>, sequence: Sequence, place: number): boolean {
  const inCommon = sequence.fixed - (sequence.known[place]?.fixed === true ? 1 : 0);
  let plain = 0;
  let telling = 0;
  let varies = false;
  for (const word of values) {
    if (word.text === ANYTHING) varies = true;
    else if (!word.named) plain += 1;
    if (word.telling) telling += 1;
  }
  const known = varies || plain === 0;
  if (place === beginning(sequence))
    return known
      ? inCommon >= first.inCommon
      : values.size >= first.plain && inCommon >= first.inCommonOfPlain && telling * 2 < plain;
  if (known) return inCommon >= leastInCommon || (inCommon > 0 && values.size >= many);
  if (telling * 2 >= plain) return false;
  return inCommon >= leastInCommon ? values.size >= fewPlain : inCommon > 0 && values.size >= many;
}

const beginning = ({ known }: Sequence): number =>
  known.findIndex(({ fixed, text }) => fixed || text === ANYTHING);
