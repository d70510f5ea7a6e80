import { Encoder } from "./encode.ts";

export { decode } from "./decode.ts";

/** A value as JSON data (see tags.ts), without its secrets. */
export interface Encoded {
  /** What `JSON.stringify` takes. */
  json: unknown;
  /** Paths of what could not be kept, for example `task.callback (function)`. */
  lost: string[];
  /** How many secrets were replaced by "[redacted]". */
  redactions: number;
}

/** Encodes and redacts a value; never throws for a value it cannot keep, but names its path. */
export function encode(value: unknown, path = ""): Encoded {
  const { text, lost, redactions } = new Encoder().encode(value, path);
  return { json: JSON.parse(text), lost, redactions };
}
