import type { PatternRow } from "../../model/patterns.ts";
import { Icon } from "../kit/icon.ts";
import { RowList } from "../kit/rowList.tsx";
import { Time } from "../parts.tsx";
import { Sparkline } from "./sparkline.tsx";
import { idOf } from "./view.ts";

const rowHeight = 46;

interface Props {
  count: number;
  /** Undefined where it is not there yet. */
  rowAt: (index: number) => PatternRow | undefined;
  /** The index of the chosen row; -1 for none. */
  active: number;
  now: number;
  /** Names by URI, where there are several folders. */
  folders: Record<string, string>;
  onActive: (index: number) => void;
  onRange: (first: number, last: number) => void;
}

/** The groups, of which any number may be there. */
export function PatternList({ count, rowAt, active, now, folders, onActive, onRange }: Props) {
  return (
    <RowList
      label="Error patterns"
      role="listbox"
      {...{ count, rowHeight, rowAt, active, onActive, onRange }}
      draw={(row) => <Line key={idOf(row)} row={row} now={now} folder={folders[row.folder]} />}
    />
  );
}

function Line({ row, now, folder }: { row: PatternRow; now: number; folder: string | undefined }) {
  const { title, type, message, agents, lastSeen, occurrences, days, muted, merged, solutions } = row;
  return (
    <div class="pattern-line" title={message}>
      <div class="pattern-words">
        <div class="pattern-name">
          {muted !== false && <Icon name="bell-slash" />}
          {title === null ? <code>{message}</code> : <strong>{title}</strong>}
        </div>
        <div class="pattern-facts dim">
          <span class="pattern-type">{type}</span>
          {folder !== undefined && <span class="pattern-folder">{folder}</span>}
          {agents.length > 0 && <span class="pattern-agents">{agentsText(agents)}</span>}
          {solutions > 0 && (
            <span title={`${solutions} known solutions`}>
              <Icon name="lightbulb" size={13} /> {solutions}
            </span>
          )}
          {merged > 0 && (
            <span title={`${merged} merged into it`}>
              <Icon name="git-merge" size={13} /> {merged}
            </span>
          )}
        </div>
      </div>
      <div class="pattern-chart">{days !== null && <Sparkline days={days} />}</div>
      <div class="pattern-count">
        <div>{occurrences.toLocaleString("en")}×</div>
        <div class="dim">{lastSeen !== null && <Time iso={lastSeen} now={now} brief />}</div>
      </div>
    </div>
  );
}

const agentsText = (agents: readonly string[]): string =>
  agents.length > 2 ? `${agents.slice(0, 2).join(", ")} and ${agents.length - 2} more` : agents.join(", ");
