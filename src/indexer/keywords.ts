/** A pattern that can match only where one of these words stands. */
export interface KeywordPattern {
  words: readonly string[];
  /** Sticky: matches at the word. */
  pattern: RegExp;
}

/** @param source of a pattern that starts with one of the words */
export const startingWith = (words: readonly string[], source: string): KeywordPattern => ({
  words,
  pattern: new RegExp(source, "y"),
});

/** Where the keywords of a text stand: to look for plain words once is several times faster than each pattern on its own. */
export class Keywords {
  readonly text: string;
  readonly #places = new Map<string, number[]>();

  constructor(text: string) {
    this.text = text;
  }

  has(word: string): boolean {
    return this.#placesOf(word).length > 0;
  }

  /** In the order of the text. */
  matches({ words, pattern }: KeywordPattern): RegExpExecArray[] {
    const found: RegExpExecArray[] = [];
    for (const word of words) {
      for (const place of this.#placesOf(word)) {
        pattern.lastIndex = place;
        const match = pattern.exec(this.text);
        if (match !== null) found.push(match);
      }
    }
    return words.length === 1 ? found : found.sort((a, b) => a.index - b.index);
  }

  #placesOf(word: string): readonly number[] {
    const known = this.#places.get(word);
    if (known !== undefined) return known;
    const { text } = this;
    const places: number[] = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      const stands =
        !isWordCharacter(text.charCodeAt(at - 1)) && !isWordCharacter(text.charCodeAt(at + word.length));
      if (stands) places.push(at);
    }
    this.#places.set(word, places);
    return places;
  }
}

/** As `\w`; false beyond the text. */
const isWordCharacter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
