import type { PatternRow } from "../model/patterns.ts";
import { isMuted } from "../runtime/patterns/grouping.ts";
import type { PatternGroup } from "../runtime/patterns/groups.ts";
import { agentsOf, countsOn } from "../runtime/patterns/tallies.ts";
import type { ErrorPattern } from "../runtime/index.ts";

const shownDays = 30;
const dayMs = 24 * 3600 * 1000;
const longestMessage = 300;
const longestName = 100;
const mostAgents = 100;

/** A group as a line of a list. */
export function rowOf(folder: string, { pattern, members }: PatternGroup, now: Date): PatternRow {
  return {
    folder,
    signature: pattern.error_signature,
    title: titleOf(pattern),
    type: pattern.error_type.slice(0, longestName),
    message: messageOf(pattern).slice(0, longestMessage),
    occurrences: Number.isFinite(pattern.occurrences) ? Math.max(0, Math.round(pattern.occurrences)) : 0,
    // Asked for the rows in sight only: it takes longer than all the rest.
    get days() {
      return countsOn(namesOfDays(now), pattern);
    },
    firstSeen: timeOf(pattern.first_seen),
    lastSeen: timeOf(pattern.last_seen),
    agents: agentsOf(pattern).slice(0, mostAgents),
    solutions: pattern.solutions.length,
    muted: isMuted(pattern, now) ? (typeof pattern.muted === "string" ? pattern.muted : true) : false,
    merged: members.length - 1,
  };
}

/** What a person named it. */
export const titleOf = ({ title }: ErrorPattern): string | null =>
  typeof title === "string" && title.trim() !== "" ? title.slice(0, longestName) : null;

/** Files of other origin have only the regular expression. */
export const messageOf = ({ normalised, pattern }: ErrorPattern): string =>
  typeof normalised === "string" ? normalised : pattern;

let names: { today: number; days: string[] } = { today: Number.NaN, days: [] };

/** The last days, today at the end; worked out once a day. */
function namesOfDays(now: Date): string[] {
  const today = Math.floor(now.getTime() / dayMs);
  if (names.today !== today) {
    const dayOf = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);
    names = { today, days: Array.from({ length: shownDays }, (_, at) => dayOf(today - shownDays + 1 + at)) };
  }
  return names.days;
}

/** Null for what stands for "not known". */
const timeOf = (iso: string): string | null => (Date.parse(iso) > 0 ? iso : null);
