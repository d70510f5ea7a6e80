import { counted } from "../../model/counted.ts";
import type { MigratedClass } from "../../migration/migratedClass.ts";
import type { RefusedUndo } from "../../migration/undoPlan.ts";

/** What became of an undo, and why some of it was not done. */
export function undoSentence(undone: readonly MigratedClass[], refused: readonly RefusedUndo[]): string {
  const [only] = undone;
  const done =
    only !== undefined && undone.length === 1
      ? `The migration of ${only.name} is undone.`
      : `${undone.length} migrations are undone.`;
  if (refused.length === 0) return done;
  const reasons = refused.slice(0, 3).map(({ reason }) => reason);
  const more = refused.length > 3 ? [`So it is with ${refused.length - 3} more.`] : [];
  return [done, `${counted(refused.length, "is", "are")} not:`, ...reasons, ...more].join(" ");
}
