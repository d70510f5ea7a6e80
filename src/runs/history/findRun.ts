import { shortId } from "../../model/runId.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { recordsFolder } from "../recordPlace.ts";
import { firstEvents } from "./firstEvent.ts";
import { runIds, summariesOf } from "./listRuns.ts";
import type { RecordedBatch } from "./recordedBatch.ts";

const mostNamed = 3;

/** The id of the run that a beginning or an end of it names. Rejects with a UserError where it names none or several. */
export async function findRun(root: string, text: string): Promise<string> {
  const runId = named(text, await runIds(root), "run");
  if (runId === null) throw unknownRun(root, text);
  return runId;
}

/** As `findRun`; what names no run may name a batch. */
export async function findRunOrBatch(root: string, text: string): Promise<string | RecordedBatch> {
  const ids = await runIds(root);
  const runId = named(text, ids, "run");
  if (runId !== null) return runId;
  const batches = new Map<string, string[]>();
  for await (const { runId, batch, step } of firstEvents(root, ids)) {
    // The steps of a pipeline go on with it.
    if (batch === undefined || step !== undefined) continue;
    const runs = batches.get(batch) ?? [];
    batches.set(batch, runs);
    runs.push(runId);
  }
  const id = named(text, [...batches.keys()], "batch");
  if (id === null) throw unknownRun(root, text);
  return { id, runs: await summariesOf(root, (batches.get(id) ?? []).reverse()) };
}

function named(text: string, ids: readonly string[], what: "run" | "batch"): string | null {
  const wanted = text.toLowerCase();
  const found = ids.includes(text)
    ? [text]
    : ids.filter((id) => wanted !== "" && (id.startsWith(wanted) || id.endsWith(wanted)));
  if (found.length < 2) return found[0] ?? null;
  const some = found.slice(0, mostNamed).map(shortId).join(", ");
  const many = what === "run" ? counted(found.length, "run") : counted(found.length, "batch", "batches");
  throw new UserError(
    `${text} names ${many} (${some}${found.length > mostNamed ? ", …" : ""}): give more of the id.`,
  );
}

const unknownRun = (root: string, text: string): UserError =>
  new UserError(
    `There is no run ${text} in ${recordsFolder(root)}: "opsvi-agents runs list" names those that there are.`,
  );
