import type { AgentRow, CheckpointItem, CheckpointListRow, RunRow } from "../../model/checkpoints.ts";
import { bytesText } from "../../model/bytes.ts";
import { checkpointLabel } from "../../model/checkpointLabel.ts";
import { counted } from "../../model/counted.ts";
import { Icon } from "../kit/icon.ts";
import { Twistie } from "../kit/jsonTree.tsx";
import { absoluteTime, relativeTime } from "../time.ts";
import "./row.css";

interface Props {
  row: CheckpointListRow;
  now: number;
  /** Whether rows stand below what they belong to; else each tells that itself. */
  nested: boolean;
  /** Of a folder; null where there is only one. */
  folderName: (folder: string) => string | null;
}

export function Row({ row, now, nested, folderName }: Props) {
  const folder = folderName(row.folder);
  if (row.kind === "agent") return <Agent {...{ row, folder }} />;
  return row.kind === "run" ? <Run row={row} now={now} /> : <Checkpoint {...{ row, now, nested, folder }} />;
}

function Agent({ row, folder }: { row: AgentRow; folder: string | null }) {
  return (
    <>
      <Twistie expanded={!row.collapsed} />
      <span class="row-name strong">{row.agent}</span>
      {folder !== null && <span class="dim">{folder}</span>}
      <span class="dim row-end">{`${counted(row.checkpoints, "checkpoint")} · ${bytesText(row.bytes)}`}</span>
    </>
  );
}

function Run({ row, now }: { row: RunRow; now: number }) {
  return (
    <>
      <Guides guides={row.guides} />
      <Twistie expanded={!row.collapsed} />
      <Icon name={row.from === null ? "run" : "git-branch"} />
      <span class="row-name">{row.runId === "" ? "No run" : `Run ${row.runId.slice(-6)}`}</span>
      {row.from !== null && <span class="dim">went on from {row.from.slice(-6)}</span>}
      <span class="dim row-end">{`${counted(row.checkpoints, "checkpoint")} · ${bytesText(row.bytes)}`}</span>
      <When iso={row.createdAt} now={now} />
    </>
  );
}

const icons: Record<string, string> = {
  ready: "pass",
  stopped: "pass",
  busy: "circle-large-outline",
  error: "error",
  unreadable: "warning",
};

interface CheckpointProps {
  row: CheckpointItem;
  now: number;
  nested: boolean;
  folder: string | null;
}

function Checkpoint({ row, now, nested, folder }: CheckpointProps) {
  const { state, pinned, redactions, outdated, bytes, runId, problem } = row;
  return (
    <>
      {nested && <Guides guides={row.guides} />}
      {nested && <Twistie expanded={row.childCount === 0 ? null : !row.collapsed} />}
      <Icon name={icons[state] ?? "circle-outline"} class={`state ${state}`} />
      <span class="row-name" title={problem ?? ""}>
        {checkpointLabel(row)}
      </span>
      {!nested && <span class="row-agent">{folder === null ? row.agent : `${row.agent} · ${folder}`}</span>}
      <span class={`state ${state} row-state`}>{state}</span>
      {pinned && <Icon name="pinned" title="Pinned: no pruning removes it" />}
      {redactions > 0 && <Icon name="lock" title={`${counted(redactions, "secret")} left out`} />}
      {outdated && (
        <span class="chip" title="The agent's state has a newer version since">
          needs migration
        </span>
      )}
      <span class="dim row-end row-run" title={runId ?? ""}>
        {nested || runId === null ? "" : runId.slice(-6)}
      </span>
      <span class="dim row-size">{bytes === null ? "" : bytesText(bytes)}</span>
      <When iso={row.createdAt} now={now} />
    </>
  );
}

function When({ iso, now }: { iso: string; now: number }) {
  return (
    <time class="dim row-time" dateTime={iso} title={absoluteTime(iso)}>
      {relativeTime(iso, now)}
    </time>
  );
}

/** The lines that lead to what a row belongs to. */
function Guides({ guides }: { guides: string }) {
  return (
    <span class="guides" aria-hidden="true">
      {Array.from(guides, (guide, level) => (
        <span key={level} class={guide === " " ? "guide" : guide === "`" ? "guide last" : "guide line"} />
      ))}
    </span>
  );
}
