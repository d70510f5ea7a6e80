import type { PatternQuery, PatternRow, PatternTotals } from "../model/patterns.ts";

/** A file may name any number; a list to choose from that is longer is of no use. */
const mostOptions = 1000;

const collator = new Intl.Collator("en", { numeric: true });
const byText = (a: string, b: string): number => collator.compare(a, b);
const time = (iso: string | null): number => Date.parse(iso ?? "") || 0;

/** The greatest first, worked out once a row. */
function descending(rows: readonly PatternRow[], key: (row: PatternRow) => number): PatternRow[] {
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => b.key - a.key)
    .map(({ row }) => row);
}

const orders: Record<PatternQuery["sort"], (rows: readonly PatternRow[]) => PatternRow[]> = {
  last: (rows) => descending(rows, ({ lastSeen }) => time(lastSeen)),
  count: (rows) => descending(rows, ({ occurrences }) => occurrences),
  first: (rows) => descending(rows, ({ firstSeen }) => time(firstSeen)),
  message: (rows) => rows.toSorted((a, b) => byText(a.title ?? a.message, b.title ?? b.message)),
  type: (rows) => rows.toSorted((a, b) => byText(a.type, b.type)),
};

/** The rows that a query asks for, in order. */
export function shownRows(rows: readonly PatternRow[], query: PatternQuery): PatternRow[] {
  const wanted = query.text.trim().toLowerCase();
  const found = rows.filter(
    (row) =>
      (query.muted || row.muted === false) &&
      (query.type === "" || row.type === query.type) &&
      (query.agent === "" || row.agents.includes(query.agent)) &&
      (wanted === "" || textOf(row).includes(wanted)),
  );
  return orders[query.sort](found);
}

/** What all rows come to, whatever is asked for. */
export function totalsOf(rows: readonly PatternRow[]): PatternTotals {
  const options = (texts: Iterable<string>) => [...new Set(texts)].sort().slice(0, mostOptions);
  return {
    all: rows.length,
    muted: rows.filter(({ muted }) => muted !== false).length,
    types: options(rows.map(({ type }) => type)),
    agents: options(rows.flatMap(({ agents }) => agents)),
  };
}

const textOf = ({ title, type, message, agents, signature }: PatternRow): string =>
  [title ?? "", type, message, ...agents, signature].join("\n").toLowerCase();
