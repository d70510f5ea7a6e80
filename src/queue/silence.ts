import type { Socket } from "node:net";

/** A connection over which nothing comes for so long, although something is waited for, is given up. */
export const SILENCE_MS = 20_000;
/** What is sent may take its time: so much of it goes in a second over a slow line. */
const SLOWEST_BYTES = 256 * 1024;
const LOOK_MS = 1_000;

/**
 * Ends a connection that says nothing, with an error.
 * @param sent how many bytes of what waits for an answer were sent; null where nothing waits
 */
export function endSilent(socket: Socket, sent: () => number | null): void {
  let read = socket.bytesRead;
  let silentMs = 0;
  const looking = setInterval(() => {
    const bytes = sent();
    // Counted by looks: where this process was held up, the answer may be there already.
    silentMs = bytes === null || socket.bytesRead !== read ? 0 : silentMs + LOOK_MS;
    read = socket.bytesRead;
    if (silentMs >= SILENCE_MS + ((bytes ?? 0) / SLOWEST_BYTES) * 1_000)
      socket.destroy(new Error("the connection timed out"));
  }, LOOK_MS).unref();
  socket.once("close", () => clearInterval(looking));
}

/** Of strings about: nobody needs it exactly. */
export function sizeOf(values: readonly unknown[]): number {
  let size = 0;
  for (const value of values)
    if (typeof value === "string") size += value.length;
    else if (value instanceof Uint8Array) size += value.byteLength;
    else if (Array.isArray(value)) size += sizeOf(value);
  return size;
}
