import * as z from "zod";

/** The newest major version of the file that this library reads, and the version it writes. */
export const patternsVersion = "1.0.0";

/** The greatest time that a Date can hold. */
const lastSecond = 8.64e12;

/** ISO 8601; the proposal's files hold unix seconds. */
const time = z
  .union([
    z.string(),
    z
      .number()
      .min(-lastSecond)
      .max(lastSecond)
      .transform((seconds) => new Date(seconds * 1000).toISOString()),
  ])
  .catch("1970-01-01T00:00:00.000Z");

const count = z.int().min(0).optional().catch(undefined);
const rate = z.number().min(0).max(1);

export const Solution = z.looseObject({
  fix: z.string().default(""),
  success_rate: z.number().catch(1).default(1),
  successes: count,
  failures: count,
  prior_success_rate: rate.optional().catch(undefined),
  last_used: z.string().optional().catch(undefined),
  unconfirmed: z.boolean().optional().catch(undefined),
  learned: z.boolean().optional().catch(undefined),
  code_snippet: z.string().optional(),
});

/** One group of errors. `pattern` is a regular expression over the message. */
export const ErrorPattern = z.looseObject({
  error_signature: z.string(),
  error_type: z.string().default("Error"),
  pattern: z.string().default(""),
  solutions: z.array(Solution).default([]),
  first_seen: time.default("1970-01-01T00:00:00.000Z"),
  last_seen: time.default("1970-01-01T00:00:00.000Z"),
  occurrences: z.number().default(0),
});

const inList = z.looseObject({
  version: z.string().default(patternsVersion),
  last_updated: z.string().optional(),
  patterns: z.array(ErrorPattern),
  statistics: z.record(z.string(), z.unknown()).optional(),
});

const inMap = z.record(z.string(), z.looseObject({ error_type: z.string() }));

/** The proposal's form: a map from signature to pattern. */
function fromMap(json: unknown): unknown {
  const map = inMap.safeParse(json);
  if (!map.success) return json;
  return {
    patterns: Object.entries(map.data).map(([error_signature, pattern]) => ({ ...pattern, error_signature })),
  };
}

/** `error_patterns.json` as existing files have it, or the proposal's map; unknown fields are kept. */
export const ErrorPatterns = z.preprocess(fromMap, inList);
export type ErrorPatterns = z.infer<typeof inList>;

const Proposal = z.looseObject({
  fix: z.string(),
  success_rate: rate.optional().catch(undefined),
  code_snippet: z.string().optional().catch(undefined),
});

/** One line of a journal: an error, a solution that somebody gave for it, or what became of one. */
export const JournalLine = z.object({
  signature: z.string(),
  type: z.string(),
  pattern: z.string(),
  normalised: z.string(),
  message: z.string(),
  frames: z.array(z.string()),
  causes: z.array(z.string()).default([]),
  algorithm: z.number(),
  /** ISO 8601 */
  time: z.string(),
  agent: z.string().nullable(),
  runId: z.string().nullable(),
  /** How many secrets were taken out before this was written. */
  redacted: z.number().default(0),
  solution: Proposal.nullable(),
  /** Where it is there, the line tells of a solution, not of an occurrence. */
  outcome: z.object({ fix: z.string(), succeeded: z.boolean() }).nullable().default(null),
});
export type JournalLine = z.infer<typeof JournalLine>;
