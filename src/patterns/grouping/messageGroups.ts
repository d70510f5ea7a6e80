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
export const mostCompared = 50_000;

interface Known extends MessageGroup {
  words: Words;
}

/**
 * Groups of many messages. What a message is by itself (its signature in `error_patterns.json`) tells numbers, paths and
 * the like from words; that a word is a user's name or a component's is only seen beside other messages. First all are
 * shown, then each is asked for. A group of messages that have one signature by themselves has that one too.
 */
export class MessageGroups {
  readonly #shown = new Map<string, SignedParts>();
  readonly #most: number;
  #groups: { bySignature: Map<string, Known>; index: GroupIndex<Known> } | null = null;

  constructor(most = mostCompared) {
    this.#most = most;
  }

  /** Before the first message is asked for. */
  show({ signature, type, normalised, frames, causes }: SignedParts): void {
    if (this.#shown.size < this.#most && !this.#shown.has(signature))
      this.#shown.set(signature, { signature, type, normalised, frames, causes });
  }

  /** `shown` is whether it is the group of a message that was shown. */
  of(parts: SignedParts): MessageGroup & { shown: boolean } {
    const { bySignature, index } = (this.#groups ??= this.#build());
    const known = bySignature.get(parts.signature) ?? index.find(kindOf(parts), wordsOf(parts.normalised));
    const { signature, template } = known ?? {
      signature: parts.signature,
      template: templateOf(parts, parts.normalised),
    };
    return { signature, template, shown: known !== null };
  }

  #build() {
    const shown = [...this.#shown.values()];
    const bySignature = new Map<string, Known>();
    const index = new GroupIndex<Known>();
    const messages = shown.map((parts) => ({ kind: kindOf(parts), normalised: parts.normalised }));
    for (const { words, members } of groupsOf(messages)) {
      const [one, ...others] = members.flatMap((member) => shown[member] ?? []);
      if (one === undefined) continue;
      const normalised = others.length === 0 ? one.normalised : textOf(words);
      const signature = others.length === 0 ? one.signature : hashOf({ ...one, normalised });
      const group = { signature, template: templateOf(one, normalised), words };
      for (const { signature: own } of [one, ...others]) bySignature.set(own, group);
      index.add(kindOf(one), group);
    }
    return { bySignature, index };
  }
}

/** Only messages that differ in nothing else are of one group. */
const kindOf = ({ type, frames, causes }: SignatureParts): string => JSON.stringify([type, frames, causes]);

/** What is no error, a plain text, has no name of its own. */
const templateOf = ({ type }: SignatureParts, normalised: string): string =>
  type === "NonError" ? normalised : `${type}: ${normalised}`;
