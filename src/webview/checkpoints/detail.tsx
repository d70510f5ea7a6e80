import { useEffect, useState } from "preact/hooks";
import { bytesText } from "../../model/bytes.ts";
import type { CheckpointDetail, CheckpointKey, CheckpointSummaryRow } from "../../model/checkpoints.ts";
import { checkpointLabel } from "../../model/checkpointLabel.ts";
import { counted } from "../../model/counted.ts";
import { IconButton } from "../kit/controls.tsx";
import { JsonTree } from "../kit/jsonTree.tsx";
import { Tabs } from "../kit/tabs.tsx";
import { Time } from "../parts.tsx";
import type { Host } from "./checkpointList.ts";
import "./detail.css";
import { Fact, Facts } from "../kit/facts.tsx";

const tabs = { context: "State", task: "Task", answers: "Answers" } as const;
type Tab = keyof typeof tabs;

interface Props {
  host: Host;
  selected: CheckpointKey;
  tick: number;
  now: number;
  /** Null where there is only one. */
  folderName: (folder: string) => string | null;
  tab: string;
  onTab: (tab: string) => void;
  onSelect: (key: CheckpointKey) => void;
  onCompare: () => void;
  onClose: () => void;
}

const keyOf = ({ folder, id }: CheckpointKey): CheckpointKey => ({ folder, id });

/** One checkpoint: what can be done with it, where it comes from, and what it keeps. */
export function Detail(props: Props) {
  const { host, selected, tick, onClose } = props;
  const [detail, setDetail] = useState<CheckpointDetail | string | null>(null);
  useEffect(() => {
    let current = true;
    void host.detail(keyOf(selected)).then((answer) => {
      if (current) setDetail(answer);
    });
    return () => {
      current = false;
    };
  }, [selected.folder, selected.id, tick]);
  if (typeof detail === "string") {
    return (
      <section class="detail" aria-label="Checkpoint">
        <header class="detail-head">
          <p class="problem">{detail}</p>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
      </section>
    );
  }
  if (detail === null) return <p class="dim detail-wait">Reading…</p>;
  return <Shown {...props} detail={detail} />;
}

function Shown({
  detail,
  host,
  now,
  folderName,
  tab,
  onTab,
  onSelect,
  onCompare,
  onClose,
}: Props & { detail: CheckpointDetail }) {
  const { summary, content, withheld, hash } = detail;
  const key = keyOf(summary);
  const present = (Object.keys(tabs) as Tab[]).filter(
    (name) =>
      name === "context" || (content !== null && content[name] !== null && content[name] !== undefined),
  );
  const shown = present.find((name) => name === tab) ?? "context";
  const restorable = hash.state === "verified";
  return (
    <section class="detail" aria-label={`Checkpoint ${checkpointLabel(summary)}`}>
      <header class="detail-head">
        <h2>{checkpointLabel(summary)}</h2>
        <span class={`state ${summary.state}`}>{summary.state}</span>
        <span class="tools">
          <IconButton icon="diff" label="Compare…" onClick={onCompare} disabled={content === null} />
          <IconButton
            icon="discard"
            label="Restore"
            disabled={!restorable}
            onClick={() => void host.restore(key).then((made) => made !== null && onSelect(made))}
          />
          <IconButton
            icon="debug-continue"
            label="Resume from Here"
            disabled={!restorable}
            onClick={() => void host.resume(key)}
          />
          <IconButton
            icon="repo-forked"
            label="Fork with Edits…"
            disabled={!restorable}
            onClick={() => void host.fork(key)}
          />
          <IconButton
            icon={summary.pinned ? "pinned" : "pin"}
            label={summary.pinned ? "Unpin" : "Pin"}
            onClick={() => void host.setPinned(key, !summary.pinned)}
          />
          <IconButton icon="export" label="Export…" onClick={() => void host.export([key])} />
          <IconButton icon="go-to-file" label="Open as JSON" onClick={() => void host.open(key)} />
          <IconButton
            icon="trash"
            label="Delete…"
            onClick={() => void host.remove([key]).then((removed) => removed && onClose())}
          />
          <IconButton icon="close" label="Close" onClick={onClose} />
        </span>
      </header>
      <div class="detail-facts">
        <Provenance {...{ detail, host, now, folderName, onSelect }} />
      </div>
      {content === null ? (
        <p class="problem">{withheld ?? "Its content cannot be shown."}</p>
      ) : (
        <Tabs
          label="What it keeps"
          names={present}
          titleOf={(name) => tabs[name]}
          shown={shown}
          onShow={onTab}
        >
          <JsonTree key={`${summary.id}|${shown}`} label={tabs[shown]} value={content[shown]} />
        </Tabs>
      )}
    </section>
  );
}

interface ProvenanceProps {
  detail: CheckpointDetail;
  host: Host;
  now: number;
  folderName: (folder: string) => string | null;
  onSelect: (key: CheckpointKey) => void;
}

function Provenance({ detail, host, now, folderName, onSelect }: ProvenanceProps) {
  const { summary, hash, run, parent, children, note, lost, redacted } = detail;
  const { folder, agent, agentType, runId, createdAt, bytes, stateVersion, outdated } = summary;
  const link = (to: CheckpointSummaryRow) => (
    <button type="button" class="link" key={to.id} onClick={() => onSelect(keyOf(to))}>
      {checkpointLabel(to)}
    </button>
  );
  return (
    <Facts>
      <Fact name="Saved">
        <Time iso={createdAt} now={now} />
      </Fact>
      <Fact name="Agent">
        {agent}
        {agentType !== agent && <span class="dim"> ({agentType})</span>}
      </Fact>
      {folderName(folder) !== null && <Fact name="Folder">{folderName(folder)}</Fact>}
      {runId !== null && (
        <Fact name="Run">
          <button type="button" class="link" onClick={() => void host.openRun({ folder, runId })}>
            {runId.slice(-6)}
          </button>
          <span class="dim">{runText(run)}</span>
        </Fact>
      )}
      {parent !== null && <Fact name="Follows">{link(parent)}</Fact>}
      {children.length > 0 && (
        <Fact name={children.length > 1 ? "Branches" : "Followed by"}>{children.slice(0, 20).map(link)}</Fact>
      )}
      {note !== null && <Fact name="History">{note}</Fact>}
      <Fact name="Hash">
        <span class={`hash ${hash.state}`}>{hashText(hash)}</span>
      </Fact>
      <Fact name="State version">
        {String(stateVersion)}
        {outdated && <span class="chip">needs migration</span>}
      </Fact>
      {run?.node != null && <Fact name="Ran under">{`Node ${run.node.replace(/^v/, "")}`}</Fact>}
      {run?.code != null && (
        <Fact name="Code">
          {run.code.version}
          {run.code.changed !== false && (
            <span class="chip">{run.code.changed === null ? "file is gone" : "changed since"}</span>
          )}
        </Fact>
      )}
      {bytes !== null && <Fact name="Size">{bytesText(bytes)}</Fact>}
      {summary.redactions > 0 && (
        <Fact name="Secrets">
          <span title={redacted.join("\n")}>{`${counted(summary.redactions, "secret")} left out`}</span>
        </Fact>
      )}
      {lost.length > 0 && (
        <Fact name="Not kept">
          <span title={lost.join("\n")}>{lost.slice(0, 5).join(", ")}</span>
        </Fact>
      )}
    </Facts>
  );
}

function runText(run: CheckpointDetail["run"]): string {
  if (run === null) return "its record is gone";
  const attempt =
    run.attempt === null || run.attempts < 2 ? [] : [`attempt ${run.attempt} of ${run.attempts}`];
  return [run.status ?? "at work", ...attempt, run.agent].join(" · ");
}

function hashText({ state, reason }: CheckpointDetail["hash"]): string {
  if (state === "verified") return "verified: it is as it was written";
  return reason ?? (state === "mismatch" ? "its content does not match its hash" : "it cannot be read");
}
