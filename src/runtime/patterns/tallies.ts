import { isRecord } from "../core/clone.ts";
import type { JournalLine } from "./schema.ts";
import type { ErrorPattern, Tallies } from "./types.ts";

const mostDays = 90;
const mostAgents = 20;
const mostRuns = 10;
const mostSamples = 5;
const longestSample = 500;

/** What a pattern holds of who had its errors and when; empty where a file of other origin does not tell. */
export function talliesOf(pattern: ErrorPattern): Tallies {
  return {
    days: counts(pattern.days, isDay),
    agents: agentsOf(pattern),
    agent_counts: counts(pattern.agent_counts, () => true),
    runs: texts(pattern.runs),
    run_count: isCount(pattern.run_count) ? pattern.run_count : texts(pattern.runs).length,
    samples: texts(pattern.samples),
  };
}

/** Whose errors a pattern counts. */
export const agentsOf = ({ agents }: ErrorPattern): string[] => texts(agents);

/** What a pattern counts on these days; null where nobody counted by day. */
export function countsOn(names: readonly string[], { days }: ErrorPattern): number[] | null {
  if (!isRecord(days) || !Object.entries(days).some(([day, count]) => isDay(day) && isCount(count)))
    return null;
  return names.map((day) => {
    const count = days[day];
    return isCount(count) ? count : 0;
  });
}

/** With one more occurrence; all lists are bounded, what is newest stays. */
export function withOccurrence(tallies: Tallies, { time, agent, runId, message }: JournalLine): Tallies {
  const day = time.slice(0, 10);
  const isNewRun = runId !== null && !tallies.runs.includes(runId);
  return {
    days: isDay(day) ? lastDays({ ...tallies.days, [day]: (tallies.days[day] ?? 0) + 1 }) : tallies.days,
    ...(agent === null
      ? { agents: tallies.agents, agent_counts: tallies.agent_counts }
      : lastAgents(tallies.agents.includes(agent) ? tallies.agents : [...tallies.agents, agent], {
          ...tallies.agent_counts,
          [agent]: (tallies.agent_counts[agent] ?? 0) + 1,
        })),
    runs: isNewRun ? [...tallies.runs, runId].slice(-mostRuns) : tallies.runs,
    run_count: tallies.run_count + (isNewRun ? 1 : 0),
    samples: withSample(tallies.samples, message),
  };
}

/** Of two: `both` says what becomes of two counts of the same, the sum or the greater one. */
export function united(a: Tallies, b: Tallies, both: (a: number, b: number) => number): Tallies {
  return {
    days: lastDays(combined(a.days, b.days, both)),
    ...lastAgents([...new Set([...a.agents, ...b.agents])], combined(a.agent_counts, b.agent_counts, both)),
    // Ids begin with the time.
    runs: [...new Set([...a.runs, ...b.runs])].sort().slice(-mostRuns),
    run_count: both(a.run_count, b.run_count),
    samples: [...new Set([...a.samples, ...b.samples])].slice(-mostSamples),
  };
}

/** What was counted after `before`. */
export function countedSince(before: Tallies, now: Tallies): Tallies {
  const more = (all: Record<string, number>, known: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(combined(all, known, (a, b) => a - b)).filter(([, count]) => count > 0),
    );
  const others = (all: string[], known: string[]) => all.filter((item) => !known.includes(item));
  const agent_counts = more(now.agent_counts, before.agent_counts);
  return {
    days: more(now.days, before.days),
    agents: [...new Set([...others(now.agents, before.agents), ...Object.keys(agent_counts)])],
    agent_counts,
    runs: others(now.runs, before.runs),
    run_count: Math.max(0, now.run_count - before.run_count),
    samples: others(now.samples, before.samples),
  };
}

function withSample(samples: string[], message: string): string[] {
  const sample = message.slice(0, longestSample);
  if (sample === "" || samples.includes(sample)) return samples;
  return [...samples, sample].slice(-mostSamples);
}

function lastDays(days: Record<string, number>): Record<string, number> {
  const names = Object.keys(days).sort();
  return Object.fromEntries(names.slice(-mostDays).map((day) => [day, days[day] ?? 0]));
}

function lastAgents(
  agents: string[],
  counted: Record<string, number>,
): Pick<Tallies, "agents" | "agent_counts"> {
  const kept = agents.slice(-mostAgents);
  const known = kept.filter((agent) => Object.hasOwn(counted, agent));
  return {
    agents: kept,
    agent_counts: Object.fromEntries(known.map((agent) => [agent, counted[agent] ?? 0])),
  };
}

function combined(
  a: Record<string, number>,
  b: Record<string, number>,
  both: (a: number, b: number) => number,
): Record<string, number> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(keys.map((key) => [key, both(own(a, key), own(b, key))]));
}

const own = (record: Record<string, number>, key: string): number =>
  Object.hasOwn(record, key) ? (record[key] ?? 0) : 0;

function counts(value: unknown, isKey: (key: string) => boolean): Record<string, number> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, number] => isKey(entry[0]) && isCount(entry[1]),
  );
  return Object.fromEntries(entries);
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
