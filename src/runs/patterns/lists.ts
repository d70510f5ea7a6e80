import type { PatternList, PatternQuery, PatternRef, PatternRow } from "../../model/patterns.ts";
import { shownRows, totalsOf } from "../../patterns/listing.ts";

/** What was listed last, of which a panel asks for the rows in sight. */
export class PatternLists {
  #version = 0;
  #shown: PatternRow[] = [];

  list(rows: readonly PatternRow[], query: PatternQuery, chosen: PatternRef | null): PatternList {
    this.#shown = shownRows(rows, query);
    this.#version += 1;
    const at = this.#shown.findIndex(
      ({ folder, signature }) => signature === chosen?.signature && folder === chosen.folder,
    );
    return { version: this.#version, shown: this.#shown.length, at, ...totalsOf(rows) };
  }

  /** Null where another list was asked for since. */
  rows(version: number, from: number, count: number): PatternRow[] | null {
    return version === this.#version ? this.#shown.slice(from, from + count) : null;
  }
}
