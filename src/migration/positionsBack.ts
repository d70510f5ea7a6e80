import type { FileChange, MigrationPlan, TextEdit } from "../model/migrationPlan.ts";
import { ascending, textAfter } from "./textEdits.ts";

/** From 1, as compilers count. */
export interface Place {
  line: number;
  character: number;
}

/** Text that a plan has inserted. */
export interface Inserted {
  plan: MigrationPlan;
  change: FileChange;
  edit: TextEdit;
}

/** The changes of one file, in the order in which they were made, each on what the one before left. */
export class PositionsBack {
  readonly #steps: readonly { plan: MigrationPlan; change: FileChange }[];
  readonly #before: Lines;
  readonly #after: Lines;

  constructor(steps: readonly { plan: MigrationPlan; change: FileChange }[]) {
    const last = steps.at(-1);
    this.#steps = steps;
    this.#before = new Lines(steps[0]?.change.before ?? "");
    this.#after = new Lines(last === undefined ? "" : textAfter(last.change));
  }

  /** Where a place in the text after all changes was before them, or which plan has put the text there. */
  of(place: Place): Place | Inserted {
    let offset = this.#after.offsetOf(place);
    for (const { plan, change } of this.#steps.toReversed()) {
      const found = back(change, offset);
      if (typeof found !== "number") return { plan, change, edit: found };
      offset = found;
    }
    return this.#before.placeOf(offset);
  }
}

function back({ edits }: FileChange, offset: number): number | TextEdit {
  let shift = 0;
  for (const edit of ascending(edits)) {
    const start = edit.start + shift;
    if (offset < start) break;
    if (offset < start + edit.text.length) return edit;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}

/** What compilers take for the end of a line. */
const lineEnd = /\r\n|[\r\n\u2028\u2029]/g;

class Lines {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    // Compilers do not see a byte order mark.
    const first = text.startsWith("\uFEFF") ? 1 : 0;
    const ends = [...text.matchAll(lineEnd)];
    this.#starts = [first, ...ends.map(({ index, 0: end }) => index + end.length)];
    this.#length = text.length;
  }

  offsetOf({ line, character }: Place): number {
    return (this.#starts[line - 1] ?? this.#length) + character - 1;
  }

  placeOf(offset: number): Place {
    const line = Math.max(1, this.#starts.findLastIndex((start) => start <= offset) + 1);
    return { line, character: offset - (this.#starts[line - 1] ?? 0) + 1 };
  }
}
