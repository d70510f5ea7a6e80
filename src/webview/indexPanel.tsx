import type { ComponentChildren } from "preact";
import type { IndexRow } from "../model/panelProtocol.ts";
import { progressText } from "../model/progressText.ts";
import { Empty } from "./parts.tsx";

interface FolderChoiceProps<Content> {
  rows: readonly IndexRow<Content>[];
  value: string;
  onChange: (folder: string) => void;
}

/** Only where there is more than one folder; "" stands for all. */
export function FolderChoice<Content>({ rows, value, onChange }: FolderChoiceProps<Content>) {
  const names = rows.flatMap(({ folder }) => folder ?? []);
  if (names.length < 2) return null;
  return (
    <label class="filter">
      Folder
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">All folders</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The row of a folder; of all folders where that one is gone. */
export function rowOf<Content>(
  rows: readonly IndexRow<Content>[],
  folder: string,
): IndexRow<Content> | undefined {
  return rows.find((row) => row.folder === folder) ?? rows[0];
}

interface NothingYetProps {
  row: IndexRow<unknown> | undefined;
  refresh: () => void;
}

/** Why there is nothing to show, and what would bring something. */
export function NothingYet({ row, refresh }: NothingYetProps) {
  const again = (label: string): ComponentChildren => (
    <button type="button" class="primary" onClick={refresh}>
      {label}
    </button>
  );
  if (row === undefined)
    return (
      <Empty title="No folder is open">
        <p>Agents are found in the TypeScript and JavaScript files of a folder: open one.</p>
      </Empty>
    );
  if (row.state === "stopped") return <Empty title="Indexing was stopped">{again("Index Now")}</Empty>;
  if (row.state === "failed") return <Empty title="Indexing failed">{again("Try Again")}</Empty>;
  if (row.state === "ready")
    return (
      <Empty title="No agents here yet">
        <p>
          A class counts as an agent when its instances take a task, message or goal and act on it. The Agents
          view tells more.
        </p>
        {again("Look Again")}
      </Empty>
    );
  return (
    <Empty title="Looking for agents…">
      <Progress row={row} />
    </Empty>
  );
}

/** "120 of 656 files" while a folder is read. */
export function Progress({ row: { progress, state } }: { row: IndexRow<unknown> }) {
  if (state !== "indexing") return null;
  return (
    <p role="status" class="dim">
      {progress === null ? "Reading files…" : progressText(progress)}
    </p>
  );
}
