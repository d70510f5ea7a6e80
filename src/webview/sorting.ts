export interface Sort {
  column: string;
  descending: boolean;
}

export type SortKey = string | number;

/** Sorted copy; equal rows keep their order. */
export function sorted<Row>(rows: readonly Row[], key: (row: Row) => SortKey, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(key(a), key(b)));
}

const text = new Intl.Collator("en", { numeric: true });

function compare(a: SortKey, b: SortKey): number {
  return typeof a === "number" && typeof b === "number" ? a - b : text.compare(String(a), String(b));
}

/** A click on a column: the same one again turns the order round. */
export function nextSort(sort: Sort, column: string, descendingFirst: boolean): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: descendingFirst };
}
