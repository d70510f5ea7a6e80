import { hash } from "node:crypto";
import { redactText } from "../checkpoint/redact.ts";
import { describeError, fieldOf } from "../core/errors.ts";
import { inAppFrames } from "./frames.ts";
import { algorithm, normalise, type Normalised } from "./normalise.ts";

/** What groups an error with its like. */
export interface SignatureParts {
  /** The error's name. */
  type: string;
  /** The message with placeholders. */
  normalised: string;
  /** The nearest frames of the program's own code, as `function (file)`. */
  frames: readonly string[];
  /** The chain of causes, the nearest first, as `name: message with placeholders`. */
  causes: readonly string[];
}

/** An error's signature, and why it is that. */
export interface Signed extends SignatureParts {
  /** 12 hex digits over the parts and the version of the algorithm. */
  signature: string;
  /** The message, without secrets. */
  message: string;
  /** How many secrets were taken out of type, message and causes. */
  redacted: number;
  /** What the placeholders of the message stand for, and the regular expression for messages of this group. */
  parts: Normalised;
}

const longestMessage = 2000;
const longestName = 200;
const mostCauses = 3;
/** A secret that is cut in two may have no known shape any more: what lies so near to the cut is left out. */
const redactionMargin = 2048;

interface Clean {
  text: string;
  count: number;
}

function withoutSecrets(raw: string, longest: number): Clean {
  if (raw.length <= longest) return redactText(raw);
  const reach = longest + redactionMargin;
  const { text, count } = redactText(raw.slice(0, reach));
  const safe = raw.length <= reach ? text.length : Math.max(0, text.length - redactionMargin);
  return { text: text.slice(0, Math.min(longest, safe)), count };
}

/** The signature of anything that was thrown. */
export function signatureOf(error: unknown): Signed {
  const { name, message: raw, stack } = describeError(error);
  const type = withoutSecrets(name, longestName);
  const message = withoutSecrets(raw, longestMessage);
  const { causes, count } = causesOf(error);
  const parts = normalise(message.text);
  const signed = { type: type.text, normalised: parts.text, frames: inAppFrames(stack, raw), causes };
  return {
    ...signed,
    signature: hashOf(signed),
    message: message.text,
    redacted: type.count + message.count + count,
    parts,
  };
}

/** The version of the algorithm is part of it: another version's groups are other groups. */
export function hashOf({ type, normalised, frames, causes }: SignatureParts): string {
  const text = [String(algorithm), type, normalised, frames.join("\n"), causes.join("\n")].join("\0");
  return hash("sha256", text, "hex").slice(0, 12);
}

/**
 * What an error was caused by: "fetch failed" is many errors, told apart by their cause. Of several errors in one (an
 * AggregateError) the first one counts.
 */
function causesOf(error: unknown): { causes: string[]; count: number } {
  const causes: string[] = [];
  let count = 0;
  const seen = new Set([error]);
  for (let cause = causeOf(error); cause !== undefined && !seen.has(cause); cause = causeOf(cause)) {
    seen.add(cause);
    const { name, message } = describeError(cause);
    const clean = withoutSecrets(`${name.slice(0, longestName)}: ${message}`, longestMessage);
    causes.push(normalise(clean.text).text);
    count += clean.count;
    if (causes.length === mostCauses) break;
  }
  return { causes, count };
}

function causeOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return undefined;
  const cause = fieldOf(error, "cause") ?? undefined;
  if (cause !== undefined) return cause;
  const errors = fieldOf(error, "errors");
  if (typeof errors !== "object" || errors === null) return undefined;
  return fieldOf(errors, "0") ?? undefined;
}
