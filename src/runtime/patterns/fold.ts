import type { ErrorPatterns, JournalLine } from "./schema.ts";
import type { ErrorPattern } from "./types.ts";

const mostAgents = 20;

/** Adds recorded errors to patterns; answers with new ones, the given ones first. */
export function foldLines(patterns: readonly ErrorPattern[], lines: readonly JournalLine[]): ErrorPattern[] {
  const bySignature = new Map(patterns.map((pattern) => [pattern.error_signature, pattern]));
  for (const line of lines) {
    bySignature.set(line.signature, withLine(bySignature.get(line.signature) ?? emptyPattern(line), line));
  }
  return [...bySignature.values()];
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
    algorithm: line.algorithm,
    agents: [],
  };
}

function withLine(pattern: ErrorPattern, line: JournalLine): ErrorPattern {
  const { solution } = line;
  const known = Array.isArray(pattern.agents) ? (pattern.agents as unknown[]) : [];
  const agents = line.agent === null || known.includes(line.agent) ? known : [...known, line.agent];
  const others = pattern.solutions.filter(({ fix }) => fix !== solution?.fix);
  return {
    ...pattern,
    first_seen: line.time < pattern.first_seen ? line.time : pattern.first_seen,
    last_seen: line.time > pattern.last_seen ? line.time : pattern.last_seen,
    occurrences: pattern.occurrences + 1,
    last_message: line.message,
    agents: agents.slice(-mostAgents),
    solutions:
      solution === null
        ? pattern.solutions
        : [...others, solution].sort((a, b) => b.success_rate - a.success_rate),
  };
}

/** The file's text after a fold: its own fields kept, statistics counted anew. */
export function toText(file: ErrorPatterns, patterns: readonly ErrorPattern[], now: Date): string {
  return `${JSON.stringify(
    {
      ...file,
      last_updated: now.toISOString(),
      patterns,
      statistics: { ...file.statistics, ...statisticsOf(patterns, now) },
    },
    null,
    2,
  )}\n`;
}

const weekMs = 7 * 24 * 3600 * 1000;

function statisticsOf(patterns: readonly ErrorPattern[], now: Date) {
  const solutions = patterns.flatMap((pattern) => pattern.solutions);
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
