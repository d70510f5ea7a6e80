import type { RunEvent } from "../../model/runRecord.ts";
import type { RunState } from "../../model/runSummary.ts";

/** What a run does after an event; null where the event does not tell. */
export function stateAfter(event: RunEvent): RunState | null {
  switch (event.type) {
    case "queued":
      return "queued";
    case "log":
    case "resumed":
      return null;
    case "fixUndone":
      return null;
    case "retry":
    case "fix":
      return "retrying";
    case "question":
      return "waiting";
    case "finished":
      return event.status;
    default:
      return "running";
  }
}
