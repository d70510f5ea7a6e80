import type { PatternRow } from "../../model/patterns.ts";
import { sorted, type SortKey } from "../sorting.ts";

/** How the user looks at the patterns. */
export interface PatternView {
  text: string;
  type: string;
  agent: string;
  /** Those that are muted too. */
  muted: boolean;
  sort: string;
  /** `idOf` the chosen one. */
  selected: string | null;
  /** Of the list, in percent. */
  share: number;
}

export const initialView: PatternView = {
  ...{ text: "", type: "", agent: "", muted: false, sort: "last", selected: null, share: 42 },
};

export const idOf = ({ folder, signature }: { folder: string; signature: string }): string =>
  `${folder}|${signature}`;

const time = (iso: string | null): number => Date.parse(iso ?? "") || 0;

/** The orders that a list can have: by what, and whether the greatest is first. */
export const sorts: Record<
  string,
  { title: string; key: (row: PatternRow) => SortKey; descending: boolean }
> = {
  last: { title: "Last seen", key: (row) => time(row.lastSeen), descending: true },
  count: { title: "Occurrences", key: (row) => row.occurrences, descending: true },
  first: { title: "First seen", key: (row) => time(row.firstSeen), descending: true },
  message: { title: "Message", key: (row) => row.title ?? row.message, descending: false },
  type: { title: "Type", key: (row) => row.type, descending: false },
};

/** What is shown, in order. */
export function shownRows(rows: readonly PatternRow[], view: PatternView): PatternRow[] {
  const wanted = view.text.trim().toLowerCase();
  const found = rows.filter(
    (row) =>
      (view.muted || row.muted === false) &&
      (view.type === "" || row.type === view.type) &&
      (view.agent === "" || row.agents.includes(view.agent)) &&
      (wanted === "" || textOf(row).includes(wanted)),
  );
  const { key, descending } = sorts[view.sort] ?? {
    key: (row: PatternRow) => row.occurrences,
    descending: true,
  };
  return sorted(found, key, descending);
}

const textOf = ({ title, type, message, agents, signature }: PatternRow): string =>
  [title ?? "", type, message, ...agents, signature].join("\n").toLowerCase();
