import type { PatternQuery, PatternRef } from "../../model/patterns.ts";

/** How the user looks at the patterns. */
export interface PatternView extends PatternQuery {
  chosen: PatternRef | null;
  /** Of the list, in percent. */
  share: number;
}

export const initialView: PatternView = {
  ...{ text: "", type: "", agent: "", muted: false, sort: "last", chosen: null, share: 42 },
};

export const idOf = ({ folder, signature }: PatternRef): string => `${folder}|${signature}`;

/** The orders that a list can have. */
export const orders: Record<PatternQuery["sort"], string> = {
  ...{ last: "Last seen", count: "Occurrences", first: "First seen", message: "Message", type: "Type" },
};
