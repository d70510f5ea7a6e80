import { useState } from "preact/hooks";
import { bytesText } from "../../model/bytes.ts";
import type { PrunePreview, PruneRequest, RetentionPolicy, ShownPrune } from "../../model/checkpoints.ts";
import type { CheckpointsState } from "../../model/checkpointsPanel.ts";
import { checkpointLabel } from "../../model/checkpointLabel.ts";
import { counted } from "../../model/counted.ts";
import { Button } from "../kit/button.ts";
import { IconButton } from "../kit/controls.tsx";
import { Fact, Facts } from "../kit/facts.tsx";
import { absoluteTime } from "../time.ts";
import type { Host } from "./checkpointList.ts";
import { FolderChoice } from "./folderChoice.tsx";
import "./retention.css";

const DAY_MS = 24 * 3600 * 1000;
const MEGABYTE = 1e6;
export const PRUNE_JOB = "prune";

/** As they are typed. */
export interface Limits {
  count: string;
  days: string;
  megabytes: string;
}

/** What was answered, and to which request. */
interface Answer {
  asked: string;
  preview?: ShownPrune | null;
  done?: PrunePreview | null;
}

interface Props {
  host: Host;
  folders: CheckpointsState["folders"];
  /** Chosen at first, where it is one of them. */
  preferred: string | null;
  /** Null for all. */
  agent: string | null;
  limits: Limits;
  onLimits: (limits: Limits) => void;
  progress: { done: number; total: number } | null;
  onClose: () => void;
}

/** Which checkpoints to keep: what would be removed, and that all others restore, before anything is. */
export function Retention({ host, folders, preferred, agent, limits, onLimits, progress, onClose }: Props) {
  const [chosen, setFolder] = useState(preferred ?? "");
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [atWork, setAtWork] = useState<"look" | "remove" | null>(null);
  const folder = folders.some((each) => each.folder === chosen) ? chosen : (folders[0]?.folder ?? "");
  const policy = policyOf(limits);
  const request: PruneRequest | null = typeof policy === "string" ? null : { folder, policy, agent };
  const asked = JSON.stringify(request);
  // What was answered to another question is not shown, and nothing of it can be removed.
  const { preview = null } = answer?.asked === asked ? answer : {};
  // What is done is told, whatever is typed meanwhile.
  const done = answer?.done ?? null;
  const act = async (what: "look" | "remove", work: () => Promise<Partial<Answer>>): Promise<void> => {
    setAtWork(what);
    setAnswer(null);
    try {
      setAnswer({ asked, ...(await work()) });
    } catch {
      // The extension has told it.
    } finally {
      setAtWork(null);
    }
  };
  const look = (wanted: PruneRequest): Promise<void> =>
    act("look", async () => ({ preview: await host.prunePreview(PRUNE_JOB, wanted) }));
  const remove = ({ shown }: ShownPrune): Promise<void> =>
    act("remove", async () => ({ done: await host.prune(PRUNE_JOB, shown) }));
  const field = (name: keyof Limits, label: string, unit: string) => (
    <label class="limit">
      {label}
      <input
        type="number"
        min="0"
        value={limits[name]}
        placeholder="any"
        onInput={({ currentTarget: { value } }) => onLimits({ ...limits, [name]: value })}
      />
      {unit}
    </label>
  );
  return (
    <section class="detail retention" aria-label="Prune">
      <header class="detail-head">
        <h2>
          {agent === null ? "Prune the checkpoints of all agents" : `Prune the checkpoints of ${agent}`}
        </h2>
        <span class="tools">
          <IconButton
            icon="settings-gear"
            label="Prune Automatically…"
            onClick={() => void host.openRetentionSetting()}
          />
          <IconButton icon="close" label="Close" onClick={onClose} />
        </span>
      </header>
      <div class="retention-body">
        <p class="dim">
          Of each agent the newest checkpoints within these limits stay, and always: the newest, the newest
          completed one, pinned ones with all before them, and the whole execution of each that stays.
        </p>
        {folders.length > 1 && (
          <FolderChoice class="limit" label="In" folders={folders} value={folder} onChange={setFolder} />
        )}
        {field("count", "At most", "checkpoints an agent")}
        {field("days", "None older than", "days")}
        {field("megabytes", "At most", "MB an agent")}
        {typeof policy === "string" && <p class="dim">{policy}</p>}
        <div class="buttons">
          <Button
            disabled={request === null || atWork !== null}
            onClick={() => request !== null && void look(request)}
          >
            Show What Would Go
          </Button>
          {preview !== null && preview.removedCount > 0 && (
            <Button secondary disabled={atWork !== null} onClick={() => void remove(preview)}>
              {`Remove ${counted(preview.removedCount, "Checkpoint")}`}
            </Button>
          )}
          {atWork !== null && (
            <Button secondary onClick={() => void host.cancel(PRUNE_JOB)}>
              Cancel
            </Button>
          )}
        </div>
        {atWork !== null && (
          <p role="status">
            {progress === null
              ? "Looking…"
              : `Making sure that what stays restores${atWork === "remove" ? ", then removing" : ""}: ${progress.done.toLocaleString("en")} of ${progress.total.toLocaleString("en")}…`}
          </p>
        )}
        {atWork === null && preview !== null && <Preview preview={preview} />}
        {done !== null && (
          <p role="status">
            {[
              `${counted(done.removedCount, "checkpoint")} removed, ${bytesText(done.bytes)} freed.`,
              ...done.notes,
            ].join(" ")}
          </p>
        )}
      </div>
    </section>
  );
}

function Preview({ preview }: { preview: PrunePreview }) {
  const { removed, removedCount, bytes, kept, keptBytes, notes, proof } = preview;
  return (
    <>
      <Facts>
        <Fact name="Goes">{`${counted(removedCount, "checkpoint")}, ${bytesText(bytes)}`}</Fact>
        <Fact name="Stays">{`${counted(kept, "checkpoint")}, ${bytesText(keptBytes)}`}</Fact>
        <Fact name="Proof">
          {`${proof.restorable.toLocaleString("en")} of those that stay were read, match their hash and restore.`}
        </Fact>
        {proof.damagedCount > 0 && (
          <Fact name="Damaged">
            {`${counted(proof.damagedCount, "checkpoint")} cannot be restored, and could not before.`}
          </Fact>
        )}
      </Facts>
      {notes.map((note) => (
        <p key={note} class="dim">
          {note}
        </p>
      ))}
      {removed.length > 0 && (
        <ul class="goes" aria-label="What would go">
          {removed.map((each) => (
            <li key={each.id}>
              {`${checkpointLabel(each)} of ${each.agent}`}{" "}
              <span class="dim">{absoluteTime(each.createdAt)}</span>
            </li>
          ))}
          {removedCount > removed.length && (
            <li class="dim">{`and ${(removedCount - removed.length).toLocaleString("en")} more`}</li>
          )}
        </ul>
      )}
    </>
  );
}

/** Or why it is none. */
function policyOf({ count, days, megabytes }: Limits): RetentionPolicy | string {
  const given = (text: string): number | undefined => (text.trim() === "" ? undefined : Number(text));
  const [maxCount, maxDays, maxMegabytes] = [given(count), given(days), given(megabytes)];
  if (maxCount === undefined && maxDays === undefined && maxMegabytes === undefined)
    return "Set a limit to see what it would remove.";
  for (const limit of [maxCount, maxDays, maxMegabytes])
    if (limit !== undefined && !(limit >= 0)) return "A limit is a number from 0.";
  if (maxCount !== undefined && !Number.isInteger(maxCount)) return "A count is a whole number.";
  return {
    ...(maxCount !== undefined && { maxCount }),
    ...(maxDays !== undefined && { maxAgeMs: maxDays * DAY_MS }),
    ...(maxMegabytes !== undefined && { maxBytes: Math.round(maxMegabytes * MEGABYTE) }),
  };
}
