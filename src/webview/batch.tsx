import type { BatchExport, BatchHost, BatchTable, BatchTableRow } from "../model/batchTable.ts";
import { seconds } from "../model/seconds.ts";
import { DataTable, type Column } from "./dataTable.tsx";
import { drawPanel } from "./panel.tsx";
import { Empty } from "./parts.tsx";
import "./batch.css";

const initial = { sort: { column: "place", descending: false } };

const formats: [BatchExport, string][] = [
  ["csv", "CSV"],
  ["json", "JSON"],
  ["markdown", "Markdown"],
];

const column: Record<string, Column<BatchTableRow>> = {
  place: { id: "place", title: "#", key: (row) => row.place, cell: (row) => row.place, numeric: true },
  agent: {
    id: "agent",
    title: "Agent",
    key: (row) => row.agent,
    cell: (row) => <span title={row.file_path}>{row.agent}</span>,
  },
  folder: {
    id: "folder",
    title: "Folder",
    key: (row) => row.folderName ?? "",
    cell: (row) => row.folderName,
  },
  task: {
    id: "task",
    title: "Task",
    grow: true,
    key: (row) => row.task ?? "",
    cell: (row) => <Text text={row.task} />,
  },
  state: {
    id: "state",
    title: "State",
    key: (row) => row.state,
    cell: (row) => <span class={`state ${row.state}`}>{row.state}</span>,
  },
  duration: {
    id: "duration",
    title: "Duration",
    key: (row) => row.durationMs ?? -1,
    cell: (row) => (row.durationMs === null ? "" : seconds(row.durationMs)),
    descendingFirst: true,
    numeric: true,
  },
  attempts: {
    id: "attempts",
    title: "Attempts",
    key: (row) => row.attempts,
    cell: (row) => row.attempts,
    descendingFirst: true,
    numeric: true,
  },
  tokens: {
    id: "tokens",
    title: "Tokens",
    key: (row) => row.usage?.tokens ?? -1,
    cell: (row) => row.usage?.tokens.toLocaleString("en") ?? "",
    descendingFirst: true,
    numeric: true,
  },
  cost: {
    id: "cost",
    title: "Cost",
    key: (row) => row.usage?.cost ?? -1,
    cell: (row) => row.usage?.cost.toLocaleString("en", { maximumSignificantDigits: 6 }) ?? "",
    descendingFirst: true,
    numeric: true,
  },
  result: {
    id: "result",
    title: "Result",
    grow: true,
    key: (row) => row.result ?? "",
    cell: (row) => <Text text={row.result} />,
  },
};

/** What agents consumed is only shown where they tell, and the folder where there are several. */
function columnsFor(rows: readonly BatchTableRow[]): Column<BatchTableRow>[] {
  const told = rows.some(({ usage }) => usage !== null);
  const many = rows.some(({ folderName }) => folderName !== null);
  const left = [...(told ? [] : ["tokens", "cost"]), ...(many ? [] : ["folder"])];
  return Object.values(column).filter(({ id }) => !left.includes(id));
}

function Text({ text }: { text: string | null }) {
  return text === null ? null : (
    <code class="message" title={text}>
      {text}
    </code>
  );
}

drawPanel<BatchTable, BatchHost, typeof initial>(initial, ({ rows: [table], host, view, setView }) => {
  if (table === undefined) {
    return (
      <Empty title="No batch is shown">
        <p>
          Run one task on several agents, or a file of tasks: the batch stands in the Agent Runs view, and its
          table shows what came of each run.
        </p>
        <button type="button" class="primary" onClick={() => void host.runSelected()}>
          Run on Selected…
        </button>
      </Empty>
    );
  }
  return (
    <>
      <header class="batch">
        <h1>{table.label}</h1>
        <span class="actions">
          {table.atWork && (
            <button type="button" class="primary" onClick={() => void host.stop()}>
              Stop
            </button>
          )}
          {table.unsuccessful && (
            <button type="button" class="primary" onClick={() => void host.rerunUnsuccessful()}>
              Run Again What Did Not Succeed…
            </button>
          )}
          {formats.map(([format, name]) => (
            <button key={format} type="button" class="secondary" onClick={() => void host.export(format)}>
              Export {name}
            </button>
          ))}
        </span>
      </header>
      <p class="dim summary" role="status">
        {table.summary}
      </p>
      <DataTable
        label="Runs of the batch"
        columns={columnsFor(table.rows)}
        rows={table.rows}
        rowId={(row) => `${row.folder}|${row.runId}`}
        sort={view.sort}
        onSort={(sort) => setView({ ...view, sort })}
        onOpen={({ folder, runId }) => void host.open({ folder, runId })}
      />
    </>
  );
});
