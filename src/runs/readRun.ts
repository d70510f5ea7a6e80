import { readFile } from "node:fs/promises";
import { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { recordFile } from "./recordPlace.ts";

/** The events of a recorded run; lines that are torn or of another format are left out. Rejects with a UserError where there is no such run. */
export async function readRun(root: string, runId: string): Promise<RunEvent[]> {
  if (!/^[\w-]+$/.test(runId)) throw new UserError(`"${runId}" is not the id of a run.`);
  const text = await readFile(recordFile(root, runId), "utf8").catch(() => {
    throw new UserError(`There is no record of a run ${runId} in ${root}.`);
  });
  return parseRun(text);
}

/** The events in the lines of a record that are whole. */
export function parseRun(text: string): RunEvent[] {
  return text.split("\n").flatMap(parseLine);
}

function parseLine(line: string): RunEvent[] {
  try {
    const event = RunEvent.safeParse(JSON.parse(line));
    return event.success ? [event.data] : [];
  } catch {
    return [];
  }
}
