import type { Change } from "../../model/fix.ts";
import { changed, reversed } from "../../model/jsonPatch.ts";

/** What a solution can change of a run. */
export interface Changeable {
  task?: unknown;
  timeoutMs: number | null;
  checkpoint: string | null;
  together?: string | undefined;
  switchedTools?: Record<string, string> | undefined;
}

/** The run with changes; how many run beside it is not of the run. */
export function withChanges<T extends Changeable>(run: T, changes: readonly Change[]): T {
  const of = (what: Change["of"]) => changes.filter((change) => change.of === what);
  const { task, timeoutMs, checkpoint, together, switchedTools, ...rest } = run;
  const tools = changed(switchedTools ?? {}, of("tools")) as Record<string, string>;
  const thread = changed(together, of("thread"));
  return {
    ...rest,
    task: changed(task, of("task")),
    timeoutMs: changed(timeoutMs, of("timeoutMs")),
    checkpoint: changed(checkpoint, of("checkpoint")) ?? null,
    ...(thread !== undefined && { together: thread }),
    ...(Object.keys(tools).length > 0 && { switchedTools: tools }),
  } as T;
}

/** The run as it was before changes. */
export const withoutChanges = <T extends Changeable>(run: T, changes: readonly Change[]): T =>
  withChanges(run, reversed(changes));
