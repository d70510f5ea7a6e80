import { createHash } from "node:crypto";
import { redactText } from "../checkpoint/redact.ts";
import { describeError } from "../core/errors.ts";
import { inAppFrames } from "./frames.ts";
import { algorithm, normalise } from "./normalise.ts";

/** What groups an error with its like, and why. */
export interface Signature {
  /** 12 hex digits over the fields below and the version of the algorithm. */
  signature: string;
  type: string;
  /** The message with placeholders. */
  normalised: string;
  frames: string[];
  /** A regular expression for messages of this group. */
  pattern: string;
  /** The message, without secrets. */
  message: string;
}

const longestMessage = 2000;
const longestName = 200;

/** The signature of anything that was thrown. */
export function signatureOf(error: unknown): Signature {
  const { name, message: raw, stack } = describeError(error);
  const type = name.slice(0, longestName);
  const message = redactText(raw.slice(0, longestMessage)).text;
  const { text: normalised, pattern } = normalise(message);
  const frames = inAppFrames(stack);
  const signature = createHash("sha256")
    .update([String(algorithm), type, normalised, ...frames].join("\n"))
    .digest("hex")
    .slice(0, 12);
  return { signature, type, normalised, frames, pattern, message };
}
