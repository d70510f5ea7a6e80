import { bytesText } from "../../model/bytes.ts";
import type { CheckpointDetail } from "../../model/checkpoints.ts";
import { shortId } from "../../model/runId.ts";
import type { Output } from "../output.ts";
import { printable } from "../printable.ts";
import { localTime } from "../runs/times.ts";
import { table } from "../table.ts";
import { dataOf } from "./listCommand.ts";
import { OpenedCheckpoints } from "./opened.ts";

export interface ShowOptions {
  json?: true;
  workspace?: string;
}

/** Shows one checkpoint: what is known of it, and what it keeps. Answers with 1 where its content is not what was written. */
export async function showCommand(
  ref: string,
  { json, workspace }: ShowOptions,
  output: Output,
): Promise<number> {
  const opened = new OpenedCheckpoints(workspace);
  const key = opened.find(ref);
  await opened.learnVersions(output);
  const detail = opened.service.detail(key);
  const { summary, hash, content, withheld } = detail;
  const damaged = hash.state !== "verified";
  if (json)
    output.json({
      type: "checkpoint",
      data: {
        ...{ ...dataOf(summary), file: detail.file, hash, withheld, run: detail.run, note: detail.note },
        ...{ redacted: detail.redacted, lost: detail.lost },
        ...{ children: detail.children.map(({ id }) => id), ...(content ?? {}) },
      },
    });
  else {
    for (const line of table(rowsOf(detail))) output.line(line);
    if (content !== null) output.line(printable(JSON.stringify(content, null, 2)));
  }
  if (withheld !== null) output.note(withheld);
  if (damaged)
    output.note(`Checkpoint ${shortId(summary.id)} cannot be restored: ${hash.reason ?? hash.state}.`);
  return damaged ? 1 : 0;
}

const codeNote = (changed: boolean | null): string =>
  changed === null ? ", its file is gone" : changed ? ", changed since" : "";

function rowsOf({ summary, hash, file, run, redacted, lost, children, note }: CheckpointDetail): string[][] {
  const { id, agent, agentType, state, label, createdAt, bytes, redactions, stateVersion } = summary;
  const rows: [string, string | null][] = [
    ["checkpoint", id],
    ["agent", agentType === "" ? agent : `${agent} (${agentType})`],
    ["state", state],
    ["label", label],
    ["saved", localTime(createdAt)],
    ["size", bytes === null ? null : bytesText(bytes)],
    ["hash", hash.reason ?? hash.state],
    ["state version", `${stateVersion}${summary.outdated ? ", needs migration" : ""}`],
    ["pinned", summary.pinned ? "yes" : null],
    ["run", summary.runId],
    ["run of", run?.agent ?? null],
    ["attempt", run?.attempt == null ? null : `${run.attempt} of ${run.attempts}`],
    ["run ended", run?.status ?? null],
    ["node", run?.node ?? null],
    ["code", run?.code == null ? null : `${run.code.version}${codeNote(run.code.changed)}`],
    ["follows", summary.parentId],
    ["history", note],
    ["followed by", children.length === 0 ? null : children.map((child) => shortId(child.id)).join(", ")],
    ["redactions", redactions === 0 ? null : `${redactions}: ${redacted.join(", ")}`],
    ["not kept", lost.length === 0 ? null : lost.join(", ")],
    ["file", file],
  ];
  return rows.flatMap(([name, value]) => (value === null || value === "" ? [] : [[name, value]]));
}
