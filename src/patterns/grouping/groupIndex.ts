import type { Group } from "./group.ts";
import { ANYTHING, type Words } from "./words.ts";

/** Finds the group that a further message belongs to: the one with most in common of those that cover it. */
export class GroupIndex<G extends Pick<Group, "words">> {
  readonly #byStart = new Map<string, G[]>();

  add(kind: string, group: G): void {
    const { compared } = group.words;
    // Without anything that varies, only equal messages are of the group.
    if (!compared.includes(ANYTHING)) return;
    const key = startOf(kind, compared[0]);
    const known = this.#byStart.get(key);
    if (known === undefined) this.#byStart.set(key, [group]);
    else known.push(group);
  }

  find(kind: string, { compared }: Words): G | null {
    let best: { group: G; inCommon: number } | null = null;
    for (const start of new Set([compared[0], ANYTHING]))
      for (const group of this.#byStart.get(startOf(kind, start)) ?? []) {
        const inCommon = group.words.compared.filter((word) => word !== ANYTHING).length;
        if (best !== null && inCommon <= best.inCommon) continue;
        if (covers(group.words.compared, compared)) best = { group, inCommon };
      }
    return best?.group ?? null;
  }
}

const startOf = (kind: string, word = ""): string => `${kind}\0${word}`;

/** Whether a message is what a group has in common, with one word or more wherever that varies. */
function covers(group: readonly string[], message: readonly string[]): boolean {
  let at = 0;
  let anything: { group: number; message: number } | null = null;
  for (let i = 0; i < message.length;) {
    if (group[at] === ANYTHING) {
      anything = { group: at, message: i };
      at += 1;
      i += 1;
    } else if (at < group.length && group[at] === message[i]) {
      at += 1;
      i += 1;
    } else if (anything !== null) {
      // What varies is one word longer.
      anything.message += 1;
      i = anything.message + 1;
      at = anything.group + 1;
    } else return false;
  }
  return at === group.length;
}
