import type { Change } from "../../model/fix.ts";
import type { Queued, RunEvent } from "../../model/runRecord.ts";
import { withChanges, type Changeable } from "./changeable.ts";

/** The events of a run without what came of solutions that were taken back: with the last one that was, what came after it. */
export function inForce(events: readonly RunEvent[]): RunEvent[] {
  const kept: RunEvent[] = [];
  for (const event of events) {
    if (event.type === "fixUndone") {
      const { signature, fix } = event.solution;
      const from = kept.findLastIndex(
        (each) => each.type === "fix" && each.solution.signature === signature && each.solution.fix === fix,
      );
      if (from !== -1) kept.length = from;
    } else kept.push(event);
  }
  return kept;
}

/** What a run was asked for, with what the solutions that were not taken back changed of it. */
export function withFixes(queued: Queued, events: readonly RunEvent[]): Changeable {
  const changes: Change[] = inForce(events).flatMap((event) => (event.type === "fix" ? event.changes : []));
  const { task, timeoutMs, checkpoint = null, switchedTools } = queued;
  const run = withChanges({ task, timeoutMs, checkpoint, switchedTools }, changes);
  return { ...run, checkpoint: typeof run.checkpoint === "string" ? run.checkpoint : null };
}
