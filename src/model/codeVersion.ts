import { createHash } from "node:crypto";

/** What is larger is no source of a class. */
export const mostCodeBytes = 8 * 2 ** 20;

/** Tells versions of a source file apart: the first 12 hex digits of the SHA-256 of its bytes. */
export const codeVersion = (source: Uint8Array): string =>
  createHash("sha256").update(source).digest("hex").slice(0, 12);
