import { bytesText } from "../../model/bytes.ts";
import { counted } from "../../model/counted.ts";
import type { PrunePreview, RetentionPolicy } from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import { onInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { cells, dataOf } from "./listCommand.ts";
import { OpenedCheckpoints } from "./opened.ts";

export interface PruneOptions {
  maxCount?: number;
  maxAge?: number;
  maxBytes?: number;
  agent?: string;
  dryRun?: true;
  json?: true;
}

const JOB = "prune";

/** Removes what is over the limits, once all that stays has been read, checked and decoded. */
export async function pruneCommand(
  dir: string | undefined,
  options: PruneOptions,
  output: Output,
): Promise<number> {
  const { maxCount, maxAge, maxBytes, agent, dryRun = false, json } = options;
  const policy: RetentionPolicy = {
    ...(maxCount !== undefined && { maxCount }),
    ...(maxAge !== undefined && { maxAgeMs: maxAge }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
  if (Object.keys(policy).length === 0)
    throw new UserError("Tell what may stay: --max-count, --max-age or --max-bytes.");
  const opened = new OpenedCheckpoints(dir);
  const { service, root } = opened;
  if (agent !== undefined) await opened.expectAgent(agent);
  await opened.learnVersions(output);
  const request = { folder: root, policy, agent: agent ?? null };
  const interrupt = onInterrupt(
    () => service.cancel(JOB),
    "Stopping; what is not removed yet stays.",
    output,
  );
  let preview: PrunePreview;
  try {
    preview = dryRun ? await service.prunePreview(JOB, request) : await service.prune(JOB, request);
  } catch (error) {
    if (interrupt.code !== null) return interrupt.code;
    throw error;
  } finally {
    interrupt.dispose();
  }
  tell(preview, dryRun, json === true, output);
  return interrupt.code ?? 0;
}

function tell(preview: PrunePreview, dryRun: boolean, json: boolean, output: Output): void {
  const { removed, removedCount, bytes, kept, keptBytes, notes, proof } = preview;
  if (json) {
    const counts = { removedCount, bytes, kept, keptBytes };
    const data = { removed: removed.map(dataOf), ...counts, notes, proof, dryRun };
    output.json({ type: "prune", data });
    return;
  }
  for (const line of table(removed.map(cells))) output.line(line);
  if (removedCount > removed.length) output.line(`… and ${removedCount - removed.length} more`);
  for (const note of notes) output.note(note);
  for (const { id, reason } of proof.damaged)
    output.note(`Checkpoint ${id} stays, and could not be restored before either: ${reason}.`);
  const what = dryRun ? "would be removed" : "removed";
  output.note(
    `${counted(removedCount, "checkpoint")} ${what}, ${bytesText(bytes)} freed; ${kept} stay (${bytesText(keptBytes)}), and ${proof.restorable} of them can be restored.`,
  );
}
