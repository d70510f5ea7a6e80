import { bytesText } from "../../model/bytes.ts";
import {
  CheckpointQuery,
  type CHECKPOINT_STATES,
  type CheckpointSummaryRow,
} from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { shortId } from "../../model/runId.ts";
import type { Output } from "../output.ts";
import { localTime } from "../runs/times.ts";
import { table } from "../table.ts";
import { OpenedCheckpoints } from "./opened.ts";

export interface ListOptions {
  agent?: string;
  run?: string;
  state?: (typeof CHECKPOINT_STATES)[number];
  text?: string;
  pinned?: true;
  limit?: number;
  json?: true;
}

const mostNotes = 10;

/** Lists checkpoints, the newest first. */
export async function listCommand(
  dir: string | undefined,
  options: ListOptions,
  output: Output,
): Promise<number> {
  const opened = new OpenedCheckpoints(dir);
  const { agent, run, state, text, pinned, limit = Infinity } = options;
  if (agent !== undefined) await opened.expectAgent(agent);
  await opened.learnVersions(output);
  const rows = await opened.list({
    ...{ agent: agent ?? null, runId: run ?? null, states: state === undefined ? null : [state] },
    ...{ text: text ?? "", pinned: pinned ?? false },
  });
  const { notes, all } = opened.service.query(CheckpointQuery.parse({}));
  for (const note of notes.slice(0, mostNotes)) output.note(note);
  if (notes.length > mostNotes)
    output.note(`${counted(notes.length - mostNotes, "more file")} cannot be read.`);
  if (rows.length === 0)
    output.note(
      all === 0
        ? `No checkpoint is kept in ${opened.root}: every run saves one before its agent starts.`
        : `None of the checkpoints in ${opened.root} is like that.`,
    );
  const shown = rows.slice(0, limit);
  if (options.json) for (const row of shown) output.json({ type: "checkpoint", data: dataOf(row) });
  else for (const line of table(shown.map(cells))) output.line(line);
  return 0;
}

/** As JSON tells it: the folder is known. */
export function dataOf(row: CheckpointSummaryRow): Omit<CheckpointSummaryRow, "folder"> {
  const data: Partial<CheckpointSummaryRow> = { ...row };
  delete data.folder;
  return data as Omit<CheckpointSummaryRow, "folder">;
}

export function cells(row: CheckpointSummaryRow): string[] {
  const { id, state, createdAt, bytes, agent, label, runId, pinned, outdated, problem } = row;
  const remarks = [pinned && "pinned", outdated && "needs migration", problem].filter(Boolean);
  return [
    ...[shortId(id), state, localTime(createdAt), bytes === null ? "" : bytesText(bytes), agent, label ?? ""],
    [runId === null ? "" : `run ${shortId(runId)}`, ...remarks].filter(Boolean).join("  "),
  ];
}
