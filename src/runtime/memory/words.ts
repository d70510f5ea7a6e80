import { isRecord } from "../core/clone.ts";

const longestText = 100_000;

/** The words of a text in lower case: runs of letters and digits, and the parts of `camelCase` ones. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const [run] of text.normalize("NFKC").matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    words.add(run.toLowerCase());
    for (const part of run.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)) {
      words.add(part.toLowerCase());
    }
  }
  return words;
}

/** The texts, numbers and keys in a value, as one text. */
export function textIn(value: unknown): string {
  const texts: string[] = [];
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  let room = longestText;
  const take = (text: string) => {
    texts.push(text.slice(0, room));
    room -= text.length + 1;
  };
  while (room > 0 && waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string") take(next);
    else if (typeof next === "number" || typeof next === "bigint") take(String(next));
    else if (typeof next === "object" && next !== null && !seen.has(next)) {
      seen.add(next);
      waiting.push(...partsOf(next).reverse());
    }
  }
  return texts.join(" ");
}

function partsOf(value: object): unknown[] {
  if (Array.isArray(value) || value instanceof Set) return [...(value as Iterable<unknown>)];
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].flat();
  if (value instanceof Error) return [value.name, value.message];
  if (value instanceof Date) return [Number.isNaN(value.getTime()) ? "" : value.toISOString()];
  if (value instanceof URL || value instanceof RegExp) return [String(value)];
  return isRecord(value) ? Object.entries(value).flat() : [];
}
