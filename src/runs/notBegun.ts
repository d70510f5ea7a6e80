import type { Outcome } from "../model/hostProtocol.ts";

/** How a run ends that did not begin, as far as is known here. */
export const notBegun: Outcome = {
  status: "cancelled",
  checkpointId: null,
  attempts: 0,
  durationMs: 0,
  warnings: [],
};

/** @param why as a person reads it */
export const interrupted = (why: string): Outcome => ({
  ...{ ...notBegun, status: "interrupted" },
  error: { name: "InterruptedError", message: `interrupted (${why})` },
});
