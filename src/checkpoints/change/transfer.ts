import { Buffer } from "node:buffer";
import type { ImportResult } from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { mebibytes } from "../../model/runLimits.ts";
import { UserError } from "../../model/userError.ts";
import { idShape } from "../../runtime/checkpoint/idShape.ts";
import { summaryOf } from "../../runtime/checkpoint/listing.ts";
import { fromText, toCheckpoint } from "../../runtime/checkpoint/record.ts";
import { stored } from "../content/stored.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";
import { CheckpointWriter, type Steps } from "./writer.ts";

const type = "opsvi-agents checkpoints";
const schemaVersion = 1;
const most = 10_000;
const longest = 256 * 2 ** 20;

/**
 * A file that holds checkpoints as they are stored, for {@link importText}. Where one cannot be read, `leftOut` is told why;
 * without it throws a UserError.
 */
export function exportText(entries: readonly Entry[], leftOut?: (why: string) => void): string {
  const parts: string[] = [];
  let length = 0;
  for (const entry of entries) {
    const text = textOf(entry, leftOut);
    if (text === null) continue;
    length += text.length;
    if (length > longest || parts.length >= most)
      throw new UserError(
        `That is more than one file can hold (${most} checkpoints, ${mebibytes(longest / 2 ** 20)}): export fewer.`,
      );
    parts.push(text.trim());
  }
  const head = JSON.stringify({ type, schemaVersion }).slice(0, -1);
  return `${head},"checkpoints":[\n${parts.join(",\n")}\n]}\n`;
}

function textOf(entry: Entry, leftOut: ((why: string) => void) | undefined): string | null {
  try {
    return stored(entry, "exported").text;
  } catch (error) {
    if (leftOut === undefined || !(error instanceof UserError)) throw error;
    leftOut(error.message);
    return null;
  }
}

/**
 * Adds the checkpoints of an exported file, with their ids and what they follow; cancelled on the way, not all of them.
 * Rejects with a UserError where it is none.
 */
export async function importText(listing: FolderListing, text: string, steps: Steps): Promise<ImportResult> {
  const checkpoints = [...checkpointsIn(text).entries()];
  const writer = new CheckpointWriter(listing, true);
  const result: ImportResult = { imported: [], refused: [] };
  const taken = new Set<string>();
  const add = ([i, json]: [number, unknown]): void => {
    const checked = check(json);
    if (typeof checked === "string") {
      result.refused.push(`Number ${i + 1} is left out: ${checked}.`);
      return;
    }
    const { file, bytes } = checked;
    if (taken.has(file.id) || listing.get(file.id) !== undefined) {
      result.refused.push(`${file.id} is left out: it is there already.`);
      return;
    }
    writer.append(file.agent, () => ({ summary: summaryOf(file), bytes }));
    taken.add(file.id);
    result.imported.push({ folder: listing.folder.folder, id: file.id });
  };
  const at = await writer.all("imported", checkpoints, steps, () => {
    listing.refresh();
    return add;
  });
  if (at < checkpoints.length)
    result.refused.unshift(
      `It was stopped: the last ${counted(checkpoints.length - at, "checkpoint")} of the file are not imported.`,
    );
  return result;
}

function checkpointsIn(text: string): unknown[] {
  if (text.length > longest) throw new UserError(`The file is larger than ${mebibytes(longest / 2 ** 20)}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError("The file is not JSON: export checkpoints to get one that can be imported.");
  }
  const given = json as { type?: unknown; schemaVersion?: unknown; checkpoints?: unknown } | null;
  if (given?.type !== type || !Array.isArray(given.checkpoints))
    throw new UserError(
      "The file holds no exported checkpoints: export checkpoints to get one that can be imported.",
    );
  if (given.schemaVersion !== schemaVersion)
    throw new UserError(
      `The file has schema version ${String(given.schemaVersion)}, which this version of opsvi-agents does not read; update it.`,
    );
  if (given.checkpoints.length > most) throw new UserError(`The file has more than ${most} checkpoints.`);
  return given.checkpoints as unknown[];
}

/** What is to be written, or why it is left out. */
function check(json: unknown): { file: ReturnType<typeof fromText>; bytes: Buffer } | string {
  try {
    const text = JSON.stringify(json);
    const file = fromText(text);
    if (!idShape.test(file.id)) return "its id is not one of a checkpoint";
    // It is to be the same when it is written: so is its hash.
    toCheckpoint(file);
    return { file, bytes: Buffer.from(text) };
  } catch (error) {
    return error instanceof RangeError ? "it is nested too deep" : (error as Error).message;
  }
}
