/** A text reduced to what formatters leave alone. */
export interface LooseText {
  text: string;
  /** Where each of its characters stands in the whole text. */
  offsets: number[];
}

/**
 * Without whitespace except between words, semicolons, trailing commas, and which quotes are used. What stands in quotes
 * on one line is kept to the letter.
 */
export function looseText(source: string): LooseText {
  const kept: string[] = [];
  const offsets: number[] = [];
  const keep = (character: string, offset: number) => {
    kept.push(character);
    offsets.push(offset);
  };
  let apart = false;
  for (let offset = 0; offset < source.length; offset += 1) {
    const character = source[offset] ?? "";
    if (/[\s;\uFEFF]/.test(character)) {
      apart = true;
      continue;
    }
    if (character === "," && isTrailing(source, offset)) continue;
    if (apart && isWord(character) && isWord(kept.at(-1))) keep(" ", offset);
    apart = false;
    const end = /["']/.test(character) ? endOfString(source, offset) : null;
    if (end === null) {
      keep(character, offset);
      continue;
    }
    keep('"', offset);
    for (let inside = offset + 1; inside < end; inside += 1) {
      const escapesQuote = source[inside] === "\\" && /["']/.test(source[inside + 1] ?? "");
      if (escapesQuote) inside += 1;
      keep(source[inside] ?? "", inside);
      if (source[inside] === "\\") keep(source[(inside += 1)] ?? "", inside);
    }
    keep('"', end);
    offset = end;
  }
  return { text: kept.join(""), offsets };
}

const isWord = (character = "") => /[\w$]/.test(character);

function isTrailing(source: string, comma: number): boolean {
  return /^\s*[)\]}>]/.test(source.slice(comma + 1, comma + 200));
}

/** The offset of the closing quote, or null where none stands on the same line. */
function endOfString(source: string, start: number): number | null {
  const quote = source[start];
  for (let offset = start + 1; offset < source.length; offset += 1) {
    const character = source[offset];
    if (character === "\n" || character === "\r") return null;
    if (character === quote) return offset;
    if (character === "\\") offset += 1;
  }
  return null;
}
