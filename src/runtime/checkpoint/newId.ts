import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

// Asking the system for a few random bytes at a time takes longer than all else that a small checkpoint needs.
const bytesPerId = 16;
const pool = new Uint8Array(256 * bytesPerId);
const endOfTime = 2 ** 48 - 2 ** 40;
let used = pool.length;
let msecs = 0;
let seq = 0;

/** The ids that follow sort after this one too: another process may have made it before the clock went back. */
export function continueAfter(id: string): void {
  const time = Number.parseInt(id.replace("-", "").slice(0, 12), 16);
  // Nothing sorts after the end of time.
  if (!(time >= msecs) || time > endOfTime) return;
  msecs = time;
  seq = 0xffff_ffff;
}

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
