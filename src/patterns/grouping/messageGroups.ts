import { hashOf, type SignatureParts } from "../../runtime/patterns/signature.ts";
import { groupsOf } from "./group.ts";
import { GroupIndex } from "./groupIndex.ts";
import { textOf, wordsOf, type Words } from "./words.ts";

/** The group of a message. */
export interface MessageGroup {
  /** Equal for all messages of the group. */
  signature: string;
  /** What the messages have in common, with the error's name. */
  template: string;
}

/** A message with the signature that it has by itself. */
export type SignedParts = SignatureParts & { signature: string };

/** So many different messages are compared; further ones join the groups of these. */
const mostCompared = 50_000;
/** Or fewer, where they are long. */
const mostCharacters = 8_000_000;

interface Known extends MessageGroup {
  words: Words;
}

/**
 * Groups of many messages. What a message is by itself (its signature in `error_patterns.json`) tells numbers, paths and
 * the like from words; that a word is a user's name or a component's is only seen beside other messages. First all are
 * shown, then each is asked for. A group of messages that have one signature by themselves has that one too.
 */
export class MessageGroups {
  readonly #shown: SignedParts[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #most: number;
  #characters = 0;
  #groups: { byNumber: Known[]; index: GroupIndex<Known> } | null = null;

  constructor(most = mostCompared) {
    this.#most = most;
  }

  /** Before the first message is asked for. Answers with a number for messages like this; null where there are too many. */
  show({ signature, type, normalised, frames, causes }: SignedParts): number | null {
    const known = this.#numbers.get(signature);
    if (known !== undefined) return known;
    if (this.#shown.length >= this.#most || this.#characters >= mostCharacters) return null;
    this.#characters += normalised.length;
    this.#numbers.set(signature, this.#shown.length);
    return this.#shown.push({ signature, type, normalised, frames, causes }) - 1;
  }

  /** The group of the messages with this number; undefined where there is no such. */
  at(number: number): MessageGroup | undefined {
    return this.#built.byNumber[number];
  }

  /** The group that a message fits, which need not have been shown; null where it is like none of those that were. */
  of(parts: SignedParts): MessageGroup | null {
    const number = this.#numbers.get(parts.signature);
    if (number !== undefined) return this.at(number) ?? null;
    return this.#built.index.find(kindOf(parts), wordsOf(parts.normalised));
  }

  get #built() {
    return (this.#groups ??= this.#build());
  }

  #build() {
    const shown = this.#shown;
    const byNumber: Known[] = [];
    const index = new GroupIndex<Known>();
    const messages = shown.map((parts) => ({ kind: kindOf(parts), normalised: parts.normalised }));
    for (const { words, members } of groupsOf(messages)) {
      const [one, ...others] = members.flatMap((member) => shown[member] ?? []);
      if (one === undefined) continue;
      const normalised = others.length === 0 ? one.normalised : textOf(words);
      const signature = others.length === 0 ? one.signature : hashOf({ ...one, normalised });
      const group = { signature, template: templateOf({ ...one, normalised }), words };
      for (const member of members) byNumber[member] = group;
      index.add(kindOf(one), group);
    }
    return { byNumber, index };
  }
}

/** A group of this message alone. */
export const aloneOf = (parts: SignedParts): MessageGroup => ({
  signature: parts.signature,
  template: templateOf(parts),
});

/** Only messages that differ in nothing else are of one group. */
const kindOf = ({ type, frames, causes }: SignatureParts): string => JSON.stringify([type, frames, causes]);

/** What is no error, a plain text, has no name of its own. */
const templateOf = ({ type, normalised }: SignatureParts): string =>
  type === "NonError" ? normalised : `${type}: ${normalised}`;
