import { readFileSync, statSync, writeFileSync } from "node:fs";
import { counted } from "../../model/counted.ts";
import { shortId } from "../../model/runId.ts";
import { UserError } from "../../model/userError.ts";
import type { Output } from "../output.ts";
import { existingFile } from "../workspace.ts";
import { OpenedCheckpoints } from "./opened.ts";

export interface ChangeOptions {
  json?: true;
  workspace?: string;
}

const mostImportedBytes = 256 * 2 ** 20;

/** Adds a checkpoint with the state of an older one. */
export function restoreCommand(ref: string, { json, workspace }: ChangeOptions, output: Output): number {
  const opened = new OpenedCheckpoints(workspace);
  const from = opened.find(ref);
  const { id } = opened.service.restore(from);
  if (json) output.json({ type: "restored", data: { id, from: from.id } });
  else output.line(`restored  ${shortId(from.id)} as ${id}`);
  return 0;
}

export function pinCommand(
  refs: string[],
  pinned: boolean,
  { json, workspace }: ChangeOptions,
  output: Output,
): number {
  const opened = new OpenedCheckpoints(workspace);
  // All are found before the first is changed.
  for (const key of refs.map((ref) => opened.find(ref))) {
    opened.service.setPinned(key, pinned);
    if (json) output.json({ type: pinned ? "pinned" : "unpinned", data: { id: key.id } });
    else output.line(`${pinned ? "pinned" : "unpinned"}  ${shortId(key.id)}`);
  }
  return 0;
}

export async function removeCommand(
  refs: string[],
  { json, workspace }: ChangeOptions,
  output: Output,
): Promise<number> {
  const opened = new OpenedCheckpoints(workspace);
  const keys = [...new Map(refs.map((ref) => opened.find(ref)).map((key) => [key.id, key])).values()];
  await opened.service.remove("remove", keys);
  for (const { id } of keys)
    if (json) output.json({ type: "removed", data: { id } });
    else output.line(`removed  ${shortId(id)}`);
  return 0;
}

export interface ExportOptions extends ChangeOptions {
  agent?: string;
  out?: string;
}

/**
 * Writes named checkpoints, or all of an agent, to one file or to standard output. Answers with 1 where damaged ones of the
 * agent are left out.
 */
export async function exportCommand(refs: string[], options: ExportOptions, output: Output): Promise<number> {
  const { agent, out, workspace } = options;
  if (refs.length > 0 === (agent !== undefined))
    throw new UserError("Name the checkpoints to export, or give --agent for all of an agent.");
  const opened = new OpenedCheckpoints(workspace);
  if (agent !== undefined) await opened.expectAgent(agent);
  const keys = agent === undefined ? refs.map((ref) => opened.find(ref)) : await opened.list({ agent });
  const leftOut: string[] = [];
  const text = opened.service.exportText(
    keys,
    agent === undefined ? undefined : (why) => void leftOut.push(why),
  );
  for (const why of leftOut) output.note(why);
  const exported = keys.length - leftOut.length;
  if (exported === 0) throw new UserError("Nothing was exported: none of these checkpoints is whole.");
  if (out === undefined) output.line(text.trimEnd());
  else {
    try {
      writeFileSync(out, text, { mode: 0o600 });
    } catch (error) {
      throw new UserError(`${out} cannot be written: ${(error as Error).message}.`);
    }
    output.note(`${counted(exported, "checkpoint")} exported to ${out}.`);
  }
  return leftOut.length === 0 ? 0 : 1;
}

/** Adds the checkpoints of an exported file. Answers with 1 where some were left out. */
export async function importCommand(
  file: string,
  { json, workspace }: ChangeOptions,
  output: Output,
): Promise<number> {
  const opened = new OpenedCheckpoints(workspace);
  const path = existingFile(file);
  if (statSync(path).size > mostImportedBytes)
    throw new UserError(`${file} is larger than 256 MiB: export fewer checkpoints into one file.`);
  const text = readFileSync(path, "utf8");
  const { imported, refused } = await opened.service.importText("import", opened.root, text);
  for (const { id } of imported)
    if (json) output.json({ type: "imported", data: { id } });
    else output.line(`imported  ${shortId(id)}`);
  for (const sentence of refused) output.note(sentence);
  output.note(`${counted(imported.length, "checkpoint")} imported.`);
  return refused.length === 0 ? 0 : 1;
}
