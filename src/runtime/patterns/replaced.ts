import type { ErrorPattern } from "./types.ts";

/** With one pattern in the place of another. */
export const replaced = (
  patterns: readonly ErrorPattern[],
  old: ErrorPattern,
  by: ErrorPattern,
): ErrorPattern[] => patterns.map((pattern) => (pattern === old ? by : pattern));
