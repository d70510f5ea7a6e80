import { errorOf } from "../../patterns/errorText.ts";
import { aloneOf, MessageGroups, type MessageGroup } from "../../patterns/grouping/messageGroups.ts";
import { signatureOf } from "../../runtime/patterns/signature.ts";
import type { MessageLines } from "./messageLines.ts";

/** A line and its group. */
export interface GroupedLine extends MessageGroup {
  line: number;
  /** A message of the group; null where the line is like none that was compared. */
  example: string | null;
}

const longestExample = 200;
const atOnce = 10_000;

/** The lines of a file with their groups. */
export class GroupedLines {
  readonly #lines: MessageLines;
  readonly #groups = new MessageGroups();
  /** Of what was compared, by number. */
  readonly #examples: string[] = [];
  /** By the line: what was compared has a number, other messages have null; empty lines are left out. */
  readonly #numbers: (number | null)[] = [];
  #count = 0;
  #complete = true;

  constructor(lines: MessageLines) {
    this.#lines = lines;
  }

  /** How many messages there are. */
  get count(): number {
    return this.#count;
  }

  /** How many different messages were compared with each other. */
  get compared(): number {
    return this.#examples.length;
  }

  async compare(): Promise<void> {
    for await (const lines of this.#lines.read())
      for (const { line, text } of lines) {
        const signed = signatureOf(errorOf(text));
        const number = this.#groups.show(signed);
        this.#numbers[line] = number;
        this.#count += 1;
        if (number === null) this.#complete = false;
        else this.#examples[number] ??= signed.message.slice(0, longestExample);
      }
  }

  /** Many at a time. Reads the lines again only where not all could be compared. */
  async *read(): AsyncGenerator<GroupedLine[]> {
    if (!this.#complete) {
      for await (const lines of this.#lines.read()) yield lines.map(({ line, text }) => this.#of(line, text));
      return;
    }
    for (let from = 0; from < this.#numbers.length; from += atOnce)
      yield this.#numbers
        .slice(from, from + atOnce)
        .flatMap((number, i) => this.#compared(from + i, number) ?? []);
  }

  #of(line: number, text: string): GroupedLine {
    const compared = this.#compared(line, this.#numbers[line]);
    if (compared !== null) return compared;
    const signed = signatureOf(errorOf(text));
    const group = this.#groups.of(signed);
    return group === null
      ? { line, ...aloneOf(signed), example: null }
      : { line, ...pick(group), example: signed.message.slice(0, longestExample) };
  }

  #compared(line: number, number: number | null | undefined): GroupedLine | null {
    const group = number == null ? undefined : this.#groups.at(number);
    return group === undefined ? null : { line, ...pick(group), example: this.#examples[number ?? 0] ?? "" };
  }
}

const pick = ({ signature, template }: MessageGroup): MessageGroup => ({ signature, template });
