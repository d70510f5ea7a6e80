import type { JournalLine } from "./schema.ts";
import { Grouping } from "./grouping.ts";
import { withOutcome, withProposal } from "./solutions.ts";
import { talliesOf, withOccurrence } from "./tallies.ts";
import type { ErrorPattern } from "./types.ts";

/**
 * Adds recorded errors and outcomes to patterns; answers with new ones, the given ones first. Of given ones with the
 * same signature the first one counts, and the others stay as they are. What a person split off counts apart.
 */
export function foldLines(patterns: readonly ErrorPattern[], lines: readonly JournalLine[]): ErrorPattern[] {
  const folded = [...patterns];
  const grouping = new Grouping(patterns);
  const places = new Map(
    patterns.map(({ error_signature }, place) => [error_signature, place] as const).reverse(),
  );
  for (const line of lines) {
    const signature = line.outcome === null ? grouping.placeOf(line.signature, line) : line.signature;
    const place = places.get(signature) ?? folded.length;
    const known = folded[place] ?? emptyPattern({ ...line, signature });
    places.set(signature, place);
    folded[place] = line.outcome === null ? withError(known, line) : withResult(known, line);
  }
  return folded;
}

function emptyPattern(line: JournalLine): ErrorPattern {
  return {
    error_signature: line.signature,
    error_type: line.type,
    pattern: line.pattern,
    solutions: [],
    first_seen: line.time,
    last_seen: line.time,
    occurrences: 0,
    normalised: line.normalised,
    frames: line.frames,
    causes: line.causes,
    algorithm: line.algorithm,
  };
}

function withError(pattern: ErrorPattern, line: JournalLine): ErrorPattern {
  return {
    ...pattern,
    first_seen: line.time < pattern.first_seen ? line.time : pattern.first_seen,
    last_seen: line.time > pattern.last_seen ? line.time : pattern.last_seen,
    occurrences: pattern.occurrences + 1,
    last_message: line.message,
    ...withOccurrence(talliesOf(pattern), line),
    ...redacted(pattern, line),
    solutions: line.solution === null ? pattern.solutions : withProposal(pattern.solutions, line.solution),
  };
}

function withResult(pattern: ErrorPattern, line: JournalLine): ErrorPattern {
  const { fix, succeeded } = line.outcome ?? { fix: "", succeeded: false };
  return {
    ...pattern,
    ...redacted(pattern, line),
    solutions: withOutcome(pattern.solutions, fix, succeeded, line.time),
  };
}

/** How many secrets were kept out of the pattern. */
function redacted({ redacted: before }: ErrorPattern, line: JournalLine): { redacted?: number } {
  const known = typeof before === "number" ? before : 0;
  return line.redacted === 0 ? {} : { redacted: known + line.redacted };
}
