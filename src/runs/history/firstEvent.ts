import { open } from "node:fs/promises";
import { RunEvent, type Queued } from "../../model/runRecord.ts";
import { recordFile } from "../recordPlace.ts";

const AT_ONCE = 32;
const USUAL_BYTES = 4096;

/** A record begins with what was asked for; its log may be large. Null where it does not, or cannot be read. */
export async function firstEvent(root: string, runId: string): Promise<Queued | null> {
  try {
    const event = RunEvent.safeParse(JSON.parse(await firstLine(recordFile(root, runId))));
    // A record is known by the name of its file, whatever stands in it.
    return event.success && event.data.type === "queued" ? { ...event.data, runId } : null;
  } catch {
    return null;
  }
}

/** Most are short: one read is much less work than a stream. */
async function firstLine(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(USUAL_BYTES), position: 0 });
    const end = buffer.indexOf("\n");
    if (end >= 0) return buffer.toString("utf8", 0, end);
    for await (const line of file.readLines({ start: 0 })) return line;
    return "";
  } finally {
    await file.close();
  }
}

/** Those of records that have one, in the order of their ids. */
export async function* firstEvents(root: string, ids: readonly string[]): AsyncGenerator<Queued> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const portion = ids.slice(from, from + AT_ONCE).map((id) => firstEvent(root, id));
    yield* (await Promise.all(portion)).filter((queued) => queued !== null);
  }
}
