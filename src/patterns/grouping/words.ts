/** Stands for a part of messages that differs within a group. */
export const ANYTHING = "<*>";

/** A message, cut into words and punctuation. What is compared and what is shown of each differs where it varies. */
export interface Words {
  /** What is compared; {@link ANYTHING} for what varies. */
  compared: string[];
  /** What is shown: `<number>` stays that, where all of a group have a number there. */
  shown: string[];
  /** Whether white space stands before it. */
  spaced: boolean[];
}

/** Dots are of a word only within it; `name.of.a.place:17` is one word. */
const pieces =
  /(\s*)((?:[\p{L}\p{N}_$-]+\.)+[\p{L}\p{N}_$-]+:<number>|(?:<[a-z]+>|[\p{L}\p{N}_$@%#&*~+\\/-]|\.(?=[\p{L}\p{N}_<]))+|\S)/gu;
const placeholder = /<[a-z]+>/;

/** Cuts a message whose ids, numbers and the like are placeholders. */
export function wordsOf(normalised: string): Words {
  const words: Words = { compared: [], shown: [], spaced: [] };
  for (const [, space, piece = ""] of normalised.matchAll(pieces)) {
    words.compared.push(varies(piece) ? ANYTHING : piece);
    words.shown.push(piece);
    words.spaced.push(space !== "");
  }
  return compact(words);
}

const varies = (piece: string): boolean =>
  placeholder.test(piece) || (/\p{N}/u.test(piece) && !isCode(piece));

/** Names what happened, such as ENOENT, ERR_HTTP2_STREAM_ERROR or TS2304. */
export const isCode = (word: string): boolean =>
  /^(?:E[A-Z]{3,}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{1,6}-?\d{3,})$/.test(word);

const closing = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/**
 * What varies is one, however many pieces it has: `<*> <*>`, `<*>:<*>` and `<*> (<*>)` are `<*>`, as are `<<*>` and `~<*>`; empty
 * brackets hold something that varies.
 */
export function compact({ compared, shown, spaced }: Words): Words {
  const out: Words = { compared: [], shown: [], spaced: [] };
  const cutTo = (length: number) => {
    out.compared.length = out.shown.length = out.spaced.length = length;
    out.shown[length - 1] = ANYTHING;
  };
  const push = (word: string, text: string, space: boolean) => {
    out.compared.push(word);
    out.shown.push(text);
    out.spaced.push(space);
  };
  for (const [i, word] of compared.entries()) {
    const end = out.compared.length;
    const [last = "", before = "", first = ""] = [1, 2, 3].map((back) => out.compared[end - back]);
    const opens = closing.get(last) === word;
    if (word === ANYTHING && last === ANYTHING) cutTo(end);
    else if (word === ANYTHING && before === ANYTHING && /^[:/|.,<>~-]$/.test(last)) cutTo(end - 1);
    else if (word === ANYTHING && /^[<>~]$/.test(last)) out.compared[end - 1] = out.shown[end - 1] = ANYTHING;
    else if (opens && before === ANYTHING) cutTo(end - 1);
    else if (last === ANYTHING && closing.get(before) === word && first === ANYTHING) cutTo(end - 2);
    else {
      if (opens) push(ANYTHING, ANYTHING, false);
      push(word, shown[i] ?? "", spaced[i] ?? false);
    }
  }
  return out;
}

/** Two messages that compare alike, as one: shown is what both show. */
export function united(a: Words, b: Words): Words {
  return {
    compared: a.compared,
    shown: a.shown.map((text, i) => (text === b.shown[i] ? text : ANYTHING)),
    spaced: a.spaced.map((space, i) => space && b.spaced[i] === true),
  };
}

/** The words as a text. */
export const textOf = ({ shown, spaced }: Words): string =>
  shown.reduce((text, word, i) => (i > 0 && spaced[i] ? `${text} ${word}` : text + word), "");
