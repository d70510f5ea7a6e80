import { AgentUsageError } from "../core/errors.ts";
import { type Entry, valueOf } from "./entry.ts";
import type { MemoryQuery } from "./types.ts";
import { textIn, wordsOf } from "./words.ts";

/** An entry that was found. */
export interface Found {
  entry: Entry;
  score: number;
}

interface EntryWords {
  key: Set<string>;
  tags: Set<string>;
  value: Set<string>;
}

const weights = { key: 3, tags: 2, value: 1 } as const;
const defaultLimit = 20;
const known = new WeakMap<Entry, EntryWords>();

/** Finds and ranks entries, which are given least recently written first. */
export function search(
  entries: readonly Entry[],
  { text, tags = [], limit = defaultLimit }: MemoryQuery,
): Found[] {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new AgentUsageError(
      `The limit of a search is a whole number of at least 1, and not ${String(limit)}.`,
    );
  }
  if (text !== undefined && typeof text !== "string") {
    throw new AgentUsageError("What a search looks for is a text.");
  }
  const given: unknown = tags;
  if (!Array.isArray(given)) throw new AgentUsageError("The tags are an array of texts.");
  const tagged = entries.filter((entry) => tags.every((tag) => entry.tags.includes(tag))).reverse();
  if (text === undefined) return tagged.slice(0, limit).map((entry) => ({ entry, score: 0 }));
  const words = [...wordsOf(text)];
  return tagged
    .map((entry) => ({ entry, ...rate(words, entryWords(entry)) }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits || b.score - a.score)
    .slice(0, limit)
    .map(({ entry, score }) => ({ entry, score }));
}

function entryWords(entry: Entry): EntryWords {
  let words = known.get(entry);
  if (words === undefined) {
    words = {
      key: wordsOf(entry.key),
      tags: wordsOf(entry.tags.join(" ")),
      value: wordsOf(textIn(valueOf(entry))),
    };
    known.set(entry, words);
  }
  return words;
}

function rate(words: readonly string[], found: EntryWords): { hits: number; score: number } {
  let [hits, score] = [0, 0];
  for (const word of words) {
    let best = 0;
    for (const place of ["key", "tags", "value"] as const) {
      const whole = found[place].has(word);
      if (whole || [...found[place]].some((other) => other.startsWith(word))) {
        best = Math.max(best, weights[place] * (whole ? 1 : 0.5));
      }
    }
    hits += best > 0 ? 1 : 0;
    score += best;
  }
  return { hits, score };
}
