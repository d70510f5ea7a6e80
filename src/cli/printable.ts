import { stripVTControlCharacters } from "node:util";

/**
 * A text that others wrote, for a terminal: without what would move its cursor, change its state or turn round what
 * follows. Lines and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, "\n")
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "");
}
