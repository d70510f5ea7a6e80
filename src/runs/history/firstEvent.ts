import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { RunEvent, type Queued } from "../../model/runRecord.ts";

/** A record begins with what was asked for; its log may be large. Null where it does not, or cannot be read. */
export async function firstEvent(file: string): Promise<Queued | null> {
  const stream = createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input: stream })) {
      const event = RunEvent.safeParse(JSON.parse(line));
      return event.success && event.data.type === "queued" ? event.data : null;
    }
    return null;
  } catch {
    return null;
  } finally {
    stream.destroy();
  }
}
