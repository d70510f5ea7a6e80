import type { ErrorPatterns, JournalLine } from "./schema.ts";
import { solutionsOf, withOutcome, withProposal } from "./solutions.ts";
import type { ErrorPattern } from "./types.ts";

const mostAgents = 20;

/**
 * Adds recorded errors and outcomes to patterns; answers with new ones, the given ones first. Of given ones with the
 * same signature the first one counts, and the others stay as they are.
 */
export function foldLines(patterns: readonly ErrorPattern[], lines: readonly JournalLine[]): ErrorPattern[] {
  const folded = [...patterns];
  const places = new Map(
    patterns.map(({ error_signature }, place) => [error_signature, place] as const).reverse(),
  );
  for (const line of lines) {
    const place = places.get(line.signature) ?? folded.length;
    const known = folded[place] ?? emptyPattern(line);
    places.set(line.signature, place);
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
    agents: [],
  };
}

function withError(pattern: ErrorPattern, line: JournalLine): ErrorPattern {
  const known = Array.isArray(pattern.agents) ? (pattern.agents as unknown[]) : [];
  const agents = line.agent === null || known.includes(line.agent) ? known : [...known, line.agent];
  return {
    ...pattern,
    first_seen: line.time < pattern.first_seen ? line.time : pattern.first_seen,
    last_seen: line.time > pattern.last_seen ? line.time : pattern.last_seen,
    occurrences: pattern.occurrences + 1,
    last_message: line.message,
    agents: agents.slice(-mostAgents),
    ...redacted(pattern, line),
    solutions: line.solution === null ? pattern.solutions : withProposal(pattern.solutions, line.solution),
  };
}

function withResult(pattern: ErrorPattern, line: JournalLine): ErrorPattern {
  const { fix, succeeded } = line.outcome ?? { fix: "", succeeded: false };
  return {
    ...pattern,
    ...redacted(pattern, line),
    solutions: withOutcome(pattern.solutions, fix, succeeded),
  };
}

/** How many secrets were kept out of the pattern. */
function redacted({ redacted: before }: ErrorPattern, line: JournalLine): { redacted?: number } {
  const known = typeof before === "number" ? before : 0;
  return line.redacted === 0 ? {} : { redacted: known + line.redacted };
}

/** The file's text after a fold: its own fields kept, statistics counted anew. `dropped` patterns had no room. */
export function toText(
  file: ErrorPatterns,
  patterns: readonly ErrorPattern[],
  { now, dropped }: { now: Date; dropped: number },
): string {
  return `${JSON.stringify(
    {
      ...file,
      last_updated: now.toISOString(),
      patterns,
      statistics: {
        ...file.statistics,
        ...statisticsOf(patterns, now),
        ...droppedOf(file.statistics?.dropped_patterns, dropped),
      },
    },
    null,
    2,
  )}\n`;
}

function droppedOf(before: unknown, dropped: number): { dropped_patterns?: number } {
  return dropped === 0 ? {} : { dropped_patterns: (typeof before === "number" ? before : 0) + dropped };
}

const weekMs = 7 * 24 * 3600 * 1000;

function statisticsOf(patterns: readonly ErrorPattern[], now: Date) {
  const solutions = solutionsOf(patterns);
  const byType = new Map<string, number>();
  for (const { error_type, occurrences } of patterns) {
    byType.set(error_type, (byType.get(error_type) ?? 0) + occurrences);
  }
  const [mostCommon] = [...byType].sort(([, a], [, b]) => b - a);
  const weekAgo = new Date(now.getTime() - weekMs).toISOString();
  const sum = solutions.reduce((total, { success_rate }) => total + success_rate, 0);
  return {
    total_patterns: patterns.length,
    total_solutions: solutions.length,
    avg_success_rate: solutions.length === 0 ? 0 : Math.round((sum / solutions.length) * 100) / 100,
    most_common_error: mostCommon?.[0] ?? null,
    patterns_added_this_week: patterns.filter(({ first_seen }) => first_seen >= weekAgo).length,
  };
}
