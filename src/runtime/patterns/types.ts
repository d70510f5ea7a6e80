/** A known way to deal with a group of errors. Further fields of existing files are kept. */
export interface Solution {
  /** What to do, in words. */
  fix: string;
  /** 0 to 1. */
  success_rate: number;
  /** Text for a person, in whatever language; never run. */
  code_snippet?: string | undefined;
  /** What else a file holds. */
  [field: string]: unknown;
}

/** A group of errors, as `error_patterns.json` keeps it. Further fields of existing files are kept. */
export interface ErrorPattern {
  /** Groups equal errors. */
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

/** A solution that was found for an error. */
export interface FoundSolution extends Solution {
  /** The pattern it belongs to. */
  error_signature: string;
  /** What the groups of the pattern's regular expression matched in the message. */
  groups: string[];
}
