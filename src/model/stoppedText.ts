import type { Stopped } from "./runRecord.ts";

const ways: Record<Stopped, string> = {
  signal: "stopped by itself, when it was told to",
  thread: "stopped by ending its thread",
  process: "stopped by ending its process",
};

/** What it took to stop a run; "" where it ended by itself. */
export const stoppedText = (stopped: Stopped | null | undefined): string =>
  stopped === null || stopped === undefined ? "" : ways[stopped];
