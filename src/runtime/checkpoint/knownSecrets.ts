import { REDACTED } from "../core/redacted.ts";

/** What is shorter stands in too many texts that have nothing to do with it. */
export const SHORTEST_SECRET = 4;

const values = new Set<string>();

/** From now on, these values are left out of all that this process or thread writes down. */
export function hideSecrets(secrets: Iterable<string>): void {
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    values.add(secret);
    // As it stands in JSON within a text.
    values.add(JSON.stringify(secret).slice(1, -1));
  }
}

/** The text without the values that are hidden. */
export function withoutKnownSecrets(text: string): { text: string; count: number } {
  let count = 0;
  for (const secret of values) {
    if (!text.includes(secret)) continue;
    const parts = text.split(secret);
    count += parts.length - 1;
    text = parts.join(REDACTED);
  }
  return { text, count };
}

/** How much of the end of a text may be the beginning of a hidden value, in UTF-16 units. */
export function begunSecret(text: string): number {
  let longest = 0;
  for (const secret of values)
    for (let length = Math.min(secret.length - 1, text.length); length > longest; length -= 1)
      if (text.endsWith(secret.slice(0, length))) longest = length;
  return longest;
}
