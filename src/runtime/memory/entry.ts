import { decode } from "../checkpoint/codec.ts";
import type { Encoder } from "../checkpoint/encode.ts";
import { isHidden, secrecyOf } from "../checkpoint/redact.ts";
import { AgentUsageError } from "../core/errors.ts";
import { REDACTED } from "../core/redacted.ts";
import { describeError } from "../core/errors.ts";

/** What is known of a remembered value. */
export interface EntryInfo {
  readonly key: string;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
  /** The agent that wrote it. */
  readonly writtenBy: string;
  /** Milliseconds since the epoch; from then on it is gone. Null where it stays. */
  readonly expiresAt: number | null;
  /** How many secrets were replaced in it. */
  readonly redactions: number;
}

/** A remembered value: what is known of it, and its line in the file, which holds the value too. */
export interface Entry extends EntryInfo {
  readonly line: string;
}

/** A value ready to be kept. */
export interface EncodedValue {
  json: string;
  redactions: number;
}

/** Encodes a value without its secrets; throws an {@link AgentUsageError} that names what of it cannot be kept. */
export function encodeValue(encoder: Encoder, key: string, value: unknown): EncodedValue {
  if (isHidden(secrecyOf(key), value)) return { json: JSON.stringify(REDACTED), redactions: 1 };
  const { text, lost, redactions } = encoder.encode(value, "");
  if (lost.length === 0) return { json: text, redactions };
  throw new AgentUsageError(
    `The value of "${key}" cannot be kept whole: ${lost.slice(0, 10).join(", ")}. Nothing was stored: leave these out.`,
  );
}

/** Makes an entry of its parts. */
export function makeEntry(info: EntryInfo, json: string): Entry {
  const { key, tags, writtenAt, writtenBy, expiresAt, redactions } = info;
  const known: EntryInfo = { key, tags, writtenAt, writtenBy, expiresAt, redactions };
  return { ...known, line: `${JSON.stringify(known).slice(0, -1)},"value":${json}}` };
}

/** A new copy of the value; throws an Error that says why there is none. */
export function valueOf({ line }: Entry): unknown {
  try {
    return decode((JSON.parse(line) as { value?: unknown }).value);
  } catch (error) {
    throw new Error(describeError(error).message, { cause: error });
  }
}

/** Whether it is still there. */
export const isLive = ({ expiresAt }: EntryInfo, now: number): boolean =>
  expiresAt === null || now < expiresAt;
