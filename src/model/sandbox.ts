/** What the code of a solution may use up. */
export const codeLimits = {
  ms: 1_000,
  /** Until its thread is ended, whatever it does. */
  threadMs: 3_000,
  memoryBytes: 32 * 1024 * 1024,
  stackBytes: 256 * 1024,
  /** In UTF-16 units. */
  inputLength: 1024 * 1024,
  answerLength: 256 * 1024,
  messageLength: 500,
};

/** The text, and what it is given as JSON. */
export interface CodeRequest {
  code: string;
  input: string;
}

export type CodeAnswer = { json: string } | { problem: string };
