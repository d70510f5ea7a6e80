import { counted } from "../model/counted.ts";
import type { ErrorPatternsHost, PatternRow } from "../model/panelProtocol.ts";
import { DataTable, type Column } from "./dataTable.tsx";
import { drawPanel } from "./panel.tsx";
import { Empty, Filter, Time, useNow } from "./parts.tsx";

const initial = { sort: { column: "last", descending: true }, type: "" };

drawPanel<PatternRow, ErrorPatternsHost, typeof initial>(initial, ({ rows, host, view, setView }) => {
  const now = useNow();
  if (rows.length === 0) {
    return (
      <Empty title="No error patterns yet">
        <p>
          When an agent fails, its error is recorded with the changing parts of the message left out, so that
          equal errors count as one pattern. Patterns are kept in <code>.proj-intel/error_patterns.json</code>
          .
        </p>
        <button type="button" class="primary" onClick={() => void host.runTask()}>
          Run Task…
        </button>
      </Empty>
    );
  }
  const types = [...new Set(rows.map(({ type }) => type))].sort();
  const type = types.includes(view.type) ? view.type : "";
  const shown = type === "" ? rows : rows.filter((row) => row.type === type);
  const columns: Column<PatternRow>[] = [
    { id: "type", title: "Type", key: (row) => row.type, cell: (row) => row.type },
    {
      id: "message",
      grow: true,
      title: "Message",
      key: (row) => row.message,
      cell: (row) => (
        <code class="message" title={row.message}>
          {row.message}
        </code>
      ),
    },
    {
      id: "occurrences",
      title: "Occurrences",
      key: (row) => row.occurrences,
      cell: (row) => row.occurrences,
      descendingFirst: true,
      numeric: true,
    },
    {
      id: "last",
      title: "Last seen",
      key: (row) => Date.parse(row.lastSeen ?? "") || 0,
      cell: (row) => (row.lastSeen === null ? "" : <Time iso={row.lastSeen} now={now} brief />),
      descendingFirst: true,
    },
    {
      id: "solutions",
      title: "Solutions",
      key: (row) => row.solutions.length,
      cell: (row) => <span title={row.solutions.join("\n")}>{row.solutions.length}</span>,
      descendingFirst: true,
      numeric: true,
    },
  ];
  return (
    <>
      <header>
        <Filter
          label="Type"
          all="All types"
          options={types}
          value={type}
          onChange={(value) => setView({ ...view, type: value })}
        />
        <span class="dim" role="status">
          {counted(shown.length, "pattern")}
          {type === "" ? "" : ` of ${rows.length}`}
        </span>
      </header>
      <DataTable
        label="Error patterns"
        columns={columns}
        rows={shown}
        rowId={(row) => `${row.folder}|${row.signature}`}
        sort={view.sort}
        onSort={(sort) => setView({ ...view, sort })}
      />
    </>
  );
});
