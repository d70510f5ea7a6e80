import { redactText, type Secrecy, secrecyOf } from "./redact.ts";

/** What the encoder needs of a record's key. */
export interface KeyText {
  /** The key, redacted. */
  text: string;
  /** The same in JSON. */
  json: string;
  /** How a record begins with it, and how it goes on. */
  first: string;
  next: string;
  /** Whether its value is a secret. */
  secrecy: Secrecy;
  /** Secrets found in the key itself. */
  count: number;
}

/** Makes what is remembered of a key. */
export function keyText(text: string, secrecy: Secrecy, count: number): KeyText {
  const json = JSON.stringify(text);
  return { text, json, first: `{${json}:`, next: `,${json}:`, secrecy, count };
}

const mostCharacters = 2 ** 20;
const mostKeys = 10_000;

/**
 * The JSON of strings without secrets that were seen lately. An agent's state hardly changes between two checkpoints, and
 * looking for secrets is most of the work. Two generations, each bounded; strings with secrets are not remembered.
 */
export class TextMemo {
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  #characters = 0;
  #keys = new Map<string, KeyText>();

  /** The JSON of a string that has no secret and was seen before. */
  find(text: string): string | undefined {
    const json = this.#young.get(text);
    if (json !== undefined) return json;
    const old = this.#old.get(text);
    if (old !== undefined) this.#remember(text, old);
    return old;
  }

  /** Looks for secrets: the JSON of what is left, and how many there were. */
  read(text: string): { json: string; count: number } {
    const redacted = redactText(text);
    const json = JSON.stringify(redacted.text);
    if (redacted.count === 0) this.#remember(text, json);
    return { json, count: redacted.count };
  }

  /** The same for a key of a record. */
  key(key: string): KeyText {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const { text, count } = redactText(key);
    const made = keyText(text, secrecyOf(key), count);
    if (count > 0 || key.length > 200) return made;
    if (this.#keys.size >= mostKeys) this.#keys = new Map();
    this.#keys.set(key, made);
    return made;
  }

  #remember(text: string, json: string): void {
    if (text.length > mostCharacters / 4) return;
    this.#characters += text.length + 16;
    if (this.#characters > mostCharacters) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = text.length;
    }
    this.#young.set(text, json);
  }
}
