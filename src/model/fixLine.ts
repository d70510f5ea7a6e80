import { actionText } from "./fix.ts";
import type { FixApplied, FixUndone } from "./runRecord.ts";

const whyUndone: Record<FixUndone["reason"], string> = {
  returned: "the same error came again",
  earlier: "it was applied after one that did not help",
  failed: "the run failed with another error",
  stopped: "the run was stopped",
};

/** What a log says of a known solution that a run was given, or that was taken back. */
export function fixLine(event: FixApplied | FixUndone): string {
  const { fix } = event.solution;
  if (event.type === "fixUndone") return `solution "${fix}" taken back: ${whyUndone[event.reason]}`;
  const { error, action, by } = event;
  const failed = error === undefined ? "" : `failed (${error.message}); `;
  return `${failed}solution "${fix}" ${by === "auto" ? "applied" : "chosen"}: ${actionText(action)}`;
}
