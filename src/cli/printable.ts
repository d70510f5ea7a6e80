import { stripVTControlCharacters } from "node:util";

/** A text that others wrote, for a terminal: without what would move its cursor or change its state. Lines and tabs stay. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, "\n")
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}
