import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

// Asking the system for a few random bytes at a time takes longer than all else that a small checkpoint needs.
const bytesPerId = 16;
const pool = new Uint8Array(256 * bytesPerId);
let used = pool.length;
let msecs = 0;
let seq = 0;

/** A UUIDv7 that sorts after all that this process made before, also where the system's clock went back. */
export function newId(now: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += bytesPerId));
  if (now > msecs) {
    msecs = now;
    // The highest bit leaves room to count up.
    seq = new DataView(random.buffer, random.byteOffset + 6).getUint32(0) >>> 1;
  } else {
    seq += 1;
    if (seq > 0xffff_ffff) {
      seq = 0;
      msecs += 1;
    }
  }
  return v7({ random, msecs, seq });
}
