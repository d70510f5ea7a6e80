import { withBetterOutcomes } from "./solutions.ts";
import { talliesOf, united } from "./tallies.ts";
import type { ErrorPattern } from "./types.ts";

/** Fields that only people change. */
const edits = ["title", "muted", "merged_into", "split", "dismissed"];

/**
 * One of two versions of the same pattern, such as a colleague's: of all counts the greater one, so that uniting again
 * changes nothing; of what people decided the later decision.
 */
export function unite(a: ErrorPattern, b: ErrorPattern): ErrorPattern {
  const [newer, older] = b.last_seen > a.last_seen ? [b, a] : [a, b];
  const both = { ...older, ...newer };
  const { edited } = later(a, b);
  const fields = edits.map((field) => [field, later(a, b)[field]] as const);
  const solutions = b.solutions.reduce((all, solution) => withBetterOutcomes(all, solution), a.solutions);
  return {
    ...Object.fromEntries(Object.entries(both).filter(([key]) => !edits.includes(key))),
    error_signature: a.error_signature,
    error_type: both.error_type,
    pattern: both.pattern,
    solutions,
    first_seen: a.first_seen < b.first_seen ? a.first_seen : b.first_seen,
    last_seen: newer.last_seen,
    occurrences: Math.max(a.occurrences, b.occurrences),
    ...(isTold(a) || isTold(b) ? united(talliesOf(a), talliesOf(b), Math.max) : {}),
    ...(edited === undefined ? {} : { edited }),
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
  };
}

/** Whether it tells who had its errors. */
const isTold = ({ days, agents }: ErrorPattern): boolean => days !== undefined || agents !== undefined;

function later(a: ErrorPattern, b: ErrorPattern): ErrorPattern {
  const time = ({ edited }: ErrorPattern) => (typeof edited === "string" ? edited : "");
  return time(b) > time(a) ? b : a;
}

/** All patterns of both lists, ours first. */
export function uniteAll(ours: readonly ErrorPattern[], theirs: readonly ErrorPattern[]): ErrorPattern[] {
  const all = [...ours];
  const places = new Map(
    ours.map(({ error_signature }, place) => [error_signature, place] as const).reverse(),
  );
  for (const pattern of theirs) {
    const place = places.get(pattern.error_signature) ?? all.length;
    const known = all[place];
    places.set(pattern.error_signature, place);
    all[place] = known === undefined ? pattern : unite(known, pattern);
  }
  return all;
}

/** Two lines of one pattern, which git leaves where two branches changed it, become one; other programs' stay. */
export function withoutTwins(patterns: readonly ErrorPattern[]): ErrorPattern[] {
  const places = new Map<string, number>();
  const all: ErrorPattern[] = [];
  for (const pattern of patterns) {
    const at = places.get(pattern.error_signature);
    const known = at === undefined ? undefined : all[at];
    if (at === undefined || known === undefined || !isOurs(known) || !isOurs(pattern)) {
      if (at === undefined) places.set(pattern.error_signature, all.length);
      all.push(pattern);
    } else all[at] = unite(known, pattern);
  }
  return all;
}

const isOurs = ({ algorithm }: ErrorPattern): boolean => typeof algorithm === "number";
