import type { PatternRow } from "../model/patterns.ts";
import { isMuted } from "../runtime/patterns/grouping.ts";
import type { PatternGroup } from "../runtime/patterns/groups.ts";
import { talliesOf } from "../runtime/patterns/tallies.ts";
import type { ErrorPattern } from "../runtime/index.ts";

const shownDays = 30;
const dayMs = 24 * 3600 * 1000;
const longestMessage = 300;
const longestName = 100;

/** A group as a line of a list. */
export function rowOf(folder: string, { pattern, members }: PatternGroup, now: Date): PatternRow {
  const { days, agents } = talliesOf(pattern);
  return {
    folder,
    signature: pattern.error_signature,
    title: titleOf(pattern),
    type: pattern.error_type.slice(0, longestName),
    message: messageOf(pattern).slice(0, longestMessage),
    occurrences: Number.isFinite(pattern.occurrences) ? Math.max(0, Math.round(pattern.occurrences)) : 0,
    days: Object.keys(days).length === 0 ? null : lastDays(days, now),
    firstSeen: timeOf(pattern.first_seen),
    lastSeen: timeOf(pattern.last_seen),
    agents,
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

function lastDays(days: Record<string, number>, now: Date): number[] {
  return namesOfDays(now).map((day) => days[day] ?? 0);
}

let names: { last: string; days: string[] } = { last: "", days: [] };

/** The last days, today at the end; worked out once a day. */
function namesOfDays(now: Date): string[] {
  const dayOf = (ago: number) => new Date(now.getTime() - ago * dayMs).toISOString().slice(0, 10);
  const last = dayOf(0);
  if (names.last !== last) {
    const days = Array.from({ length: shownDays }, (_, index) => dayOf(shownDays - 1 - index));
    names = { last, days };
  }
  return names.days;
}

/** Null for what stands for "not known". */
const timeOf = (iso: string): string | null => (Date.parse(iso) > 0 ? iso : null);
