/** A known way to deal with a group of errors. Further fields of existing files are kept. */
export interface Solution {
  /** What to do, in words. */
  fix: string;
  /**
   * 0 to 1: the share of `successes` among all outcomes, a rate that was known before counting as four outcomes. For
   * readers that do not count; ranking uses a lower confidence bound.
   */
  success_rate: number;
  /** How often the next attempt passed; absent means never. */
  successes?: number | undefined;
  /** How often the next attempt failed all the same; absent means never. */
  failures?: number | undefined;
  /** The rate that was known before outcomes were counted; absent where there was none. */
  prior_success_rate?: number | undefined;
  /** ISO 8601: when an outcome was counted last. */
  last_used?: string | undefined;
  /** It was found by comparing runs, and neither an outcome nor a person has confirmed it. */
  unconfirmed?: boolean | undefined;
  /** Only programs told of it, and no person has added or changed it: it may give way to a better one. */
  learned?: boolean | undefined;
  /** Text for a person, in whatever language; never run. */
  code_snippet?: string | undefined;
  /** What else a file holds. */
  [field: string]: unknown;
}

/** A solution that somebody proposes: what to do, and whatever else shall be kept of it as JSON. */
export interface ProposedSolution {
  /** What to do, in words; names the solution within its pattern. */
  fix: string;
  /** 0 to 1; 1 where it is not given and the solution is new. */
  success_rate?: number | undefined;
  /** Text for a person, in whatever language; never run. */
  code_snippet?: string | undefined;
  /** What else shall be kept. */
  [field: string]: unknown;
}

/** A group of errors, as `error_patterns.json` keeps it. Further fields of existing files are kept. */
export interface ErrorPattern {
  /**
   * Groups equal errors. Told by an error alone, so that it stays whatever else is seen; `opsvi-agents patterns group`
   * compares many, and may find several of these to be one.
   */
  error_signature: string;
  /** The name of the errors, for example TypeError. */
  error_type: string;
  /** A regular expression over the message. */
  pattern: string;
  /** Best first. */
  solutions: Solution[];
  /** ISO 8601. */
  first_seen: string;
  /** ISO 8601. */
  last_seen: string;
  /** How often it was recorded. */
  occurrences: number;
  /** What else a file holds. */
  [field: string]: unknown;
}

/** By which errors of a pattern count as one of their own. */
export type SplitRule = { /** The pattern that they count to. */ into: string } & (
  { by: "agent"; agent: string } | { by: "message"; contains: string }
);

/** Who had the errors of a pattern, and when; bounded. */
export interface Tallies {
  /** Occurrences by day (UTC, as 2026-11-28), of the last 90 days that had any. */
  days: Record<string, number>;
  /** The names of the last agents. */
  agents: string[];
  /** Occurrences by these. */
  agent_counts: Record<string, number>;
  /** The ids of the last runs. */
  runs: string[];
  /** How many runs there were; one that comes back after many others counts again. */
  run_count: number;
  /** Messages, without secrets. */
  samples: string[];
}

/** Why a solution ranks where it does. */
export interface Evidence {
  /** How often the next attempt passed. */
  successes: number;
  /** How often the next attempt failed all the same. */
  failures: number;
  /** 0 to 1: with 95 % confidence the solution helps at least this often (Wilson's lower bound). */
  lowerBound: number;
  /** Whether the error is of the solution's group, or its message only matches the pattern. */
  matchedBy: "signature" | "pattern";
}

/** A solution that was found for an error. */
export interface FoundSolution extends Solution {
  /** The pattern it belongs to. */
  error_signature: string;
  /** What the groups of the pattern's regular expression matched in the message. */
  groups: string[];
  /** Why it ranks where it does. */
  evidence: Evidence;
}

/** A part of a message that a placeholder stands for. */
export interface Replaced {
  /** What it looks like, for example "uuid". */
  kind: string;
  /** What stood there. */
  value: string;
}

/** Why an error has the signature it has. */
export interface Why {
  /** 12 hex digits; equal for errors of one group. */
  signature: string;
  /** The version of the grouping algorithm. */
  algorithm: number;
  /** The error's name. */
  type: string;
  /** The message, without secrets. */
  message: string;
  /** The message with placeholders. */
  normalised: string;
  /** What the placeholders stand for, in order. */
  replaced: Replaced[];
  /** The nearest frames of the program's own code, as `function (file)`. */
  frames: string[];
  /** The chain of causes, the nearest first, as `name: message with placeholders`. */
  causes: string[];
  /** The same in plain sentences. */
  sentences: string[];
}

/** Whether two errors are of one group, and why. */
export interface Explanation {
  /** Whether they are of one group. */
  same: boolean;
  /** Their signatures. */
  signatures: [first: string, second: string];
  /** What differs; empty where they are of one group. */
  differs: ("algorithm" | "type" | "message" | "frames" | "causes")[];
  /** The same in plain sentences. */
  sentences: string[];
}
