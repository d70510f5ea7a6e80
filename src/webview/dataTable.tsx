import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { nextSort, sorted, type Sort, type SortKey } from "./sorting.ts";

export interface Column<Row> {
  id: string;
  title: string;
  key: (row: Row) => SortKey;
  cell: (row: Row) => ComponentChildren;
  descendingFirst?: boolean;
  numeric?: boolean;
  /** Takes the width the others leave. */
  grow?: boolean;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  onOpen?: (row: Row) => void;
}

const page = 200;

function classOf<Row>({ numeric, grow }: Column<Row>): string {
  return `${numeric === true ? "numeric" : ""} ${grow === true ? "" : "fit"}`;
}

/** A table sorted by its headings; rows that open something take the focus, Enter and the arrow keys. */
export function DataTable<Row>({ label, columns, rows, rowId, sort, onSort, onOpen }: Props<Row>) {
  const [limit, setLimit] = useState(page);
  const by = columns.find(({ id }) => id === sort.column) ?? columns[0];
  const ordered = by === undefined ? rows : sorted(rows, by.key, sort.descending);
  return (
    <>
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                class={classOf(column)}
                aria-sort={column !== by ? "none" : sort.descending ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  onClick={() => onSort(nextSort(sort, column.id, column.descendingFirst ?? false))}
                >
                  {column.title}
                  <span class="arrow" aria-hidden="true">
                    {column !== by ? "" : sort.descending ? "↓" : "↑"}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.slice(0, limit).map((row) => (
            <tr
              key={rowId(row)}
              {...(onOpen && {
                tabIndex: 0,
                class: "opens",
                onClick: () => onOpen(row),
                onKeyDown: (event: KeyboardEvent) => onKey(event, () => onOpen(row)),
              })}
            >
              {columns.map((column) => (
                <td key={column.id} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {ordered.length > limit && (
        <button type="button" class="more" onClick={() => setLimit(limit + page)}>
          Show {Math.min(page, ordered.length - limit)} more of {ordered.length - limit}
        </button>
      )}
    </>
  );
}

function onKey(event: KeyboardEvent, open: () => void): void {
  const row = event.currentTarget;
  if (!(row instanceof HTMLElement) || event.target !== row) return;
  if (event.key === "Enter" || event.key === " ") open();
  else if (event.key === "ArrowDown") focus(row.nextElementSibling);
  else if (event.key === "ArrowUp") focus(row.previousElementSibling);
  else return;
  event.preventDefault();
}

function focus(element: Element | null): void {
  if (element instanceof HTMLElement) element.focus();
}
