import * as z from "zod";

/** The newest `schemaVersion` this library reads and the one it writes. */
export const memoryVersion = 1;

const grant = z.object({
  to: z.string().min(1),
  key: z.string().nullable().default(null),
  keyPrefix: z.string().nullable().default(null),
  access: z.enum(["read", "write"]),
});

/** `value` is encoded (see checkpoint/codec.ts). Times are milliseconds since the epoch. */
const entry = z.object({
  key: z.string(),
  tags: z.array(z.string()).default([]),
  writtenAt: z.number(),
  writtenBy: z.string(),
  expiresAt: z.number().nullable().default(null),
  redactions: z.int().min(0).default(0),
  value: z.unknown(),
});

/** One file `memory/<namespace>.json`; entries in the order in which they were written. */
export const MemoryFile = z.object({
  schemaVersion: z.literal(memoryVersion),
  agent: z.string(),
  namespace: z.string(),
  grants: z.array(grant).default([]),
  entries: z.array(entry),
});
