import { counted } from "../model/counted.ts";
import type { CheckpointRow, CheckpointsHost, CheckpointsView } from "../model/panelProtocol.ts";
import { DataTable, type Column } from "./dataTable.tsx";
import { drawPanel } from "./panel.tsx";
import type { Sort } from "./sorting.ts";
import { Empty, Filter, Time, useNow } from "./parts.tsx";

const initial: CheckpointsView & { sort: Sort } = { sort: { column: "time", descending: true }, agent: "" };

drawPanel<CheckpointRow, CheckpointsHost, typeof initial>(initial, ({ rows, host, view, setView }) => {
  const now = useNow();
  if (rows.length === 0) {
    return (
      <Empty title="No checkpoints yet">
        <p>
          Every run saves a checkpoint before the agent's code starts, so that a failed run can be rolled
          back. They are kept in <code>.proj-intel/checkpoints</code> and appear here as they are written.
        </p>
        <button type="button" class="primary" onClick={() => void host.runTask()}>
          Run Task…
        </button>
      </Empty>
    );
  }
  const { agent } = view;
  const agents = [...new Set([...rows.map((row) => row.agent), ...(agent === "" ? [] : [agent])])].sort();
  const shown = agent === "" ? rows : rows.filter((row) => row.agent === agent);
  const columns: Column<CheckpointRow>[] = [
    {
      id: "time",
      title: "Time",
      key: (row) => Date.parse(row.createdAt) || 0,
      cell: (row) => <Time iso={row.createdAt} now={now} />,
      descendingFirst: true,
    },
    { id: "agent", title: "Agent", key: (row) => row.agent, cell: (row) => row.agent },
    {
      id: "label",
      title: "Label",
      key: (row) => row.label ?? "",
      cell: (row) => row.label ?? <span class="dim">–</span>,
    },
    {
      id: "state",
      title: "State",
      key: (row) => row.state,
      cell: (row) => <span class={`state ${row.state}`}>{row.state}</span>,
    },
    {
      id: "run",
      grow: true,
      title: "Run",
      key: (row) => row.runId ?? "",
      cell: (row) => <code title={row.runId ?? ""}>{row.runId?.slice(-8) ?? ""}</code>,
    },
  ];
  return (
    <>
      <header>
        <Filter
          label="Agent"
          all="All agents"
          options={agents}
          value={agent}
          onChange={(value) => setView({ ...view, agent: value })}
        />
        <span class="dim" role="status">
          {count(shown.length)}
          {agent === "" ? "" : ` of ${rows.length}`}
        </span>
      </header>
      {shown.length === 0 && (
        <Empty title={`No checkpoints of ${agent} yet`}>
          <p>A run saves one before the agent's code starts.</p>
          <button type="button" class="primary" onClick={() => setView({ ...view, agent: "" })}>
            Show All Agents
          </button>
        </Empty>
      )}
      {shown.length > 0 && (
        <DataTable
          label="Checkpoints"
          columns={columns}
          rows={shown}
          rowId={(row) => `${row.folder}|${row.id}`}
          sort={view.sort}
          onSort={(sort) => setView({ ...view, sort })}
          onOpen={({ folder, id }) => void host.open({ folder, id })}
        />
      )}
    </>
  );
});

function count(rows: number): string {
  return counted(rows, "checkpoint");
}
