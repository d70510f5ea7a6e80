import type { BirpcReturn } from "birpc";
import { useEffect, useMemo, useState } from "preact/hooks";
import { counted } from "../model/counted.ts";
import type {
  ErrorPatternsHost,
  FolderEdit,
  PatternDetail,
  PatternTable,
  RegroupPreview,
} from "../model/patterns.ts";
import { Button } from "./kit/button.ts";
import { IconButton, IconToggle, SearchBox } from "./kit/controls.tsx";
import { MasterDetail } from "./kit/masterDetail.tsx";
import { drawPanel } from "./panel.tsx";
import { Empty, Filter, useNow } from "./parts.tsx";
import { Detail } from "./patterns/patternDetail.tsx";
import { PatternList } from "./patterns/patternList.tsx";
import "./patterns/patterns.css";
import { Regroup } from "./patterns/regroup.tsx";
import { idOf, initialView, shownRows, sorts, type PatternView } from "./patterns/view.ts";

interface Props {
  table: PatternTable;
  host: BirpcReturn<ErrorPatternsHost>;
  view: PatternView;
  setView: (view: PatternView) => void;
}

document.querySelector("main")?.classList.add("fills");

drawPanel<PatternTable, ErrorPatternsHost, PatternView>(
  initialView,
  ({ rows: [table], host, view, setView }) => {
    const asked = host as unknown as BirpcReturn<ErrorPatternsHost>;
    if (table === undefined || table.patterns.length === 0)
      return <Nothing host={asked} undo={table?.undo ?? null} />;
    return <Patterns table={table} host={asked} view={view} setView={setView} />;
  },
);

function Nothing({ host, undo }: { host: BirpcReturn<ErrorPatternsHost>; undo: string | null }) {
  return (
    <Empty title="No error patterns yet">
      <p>
        When an agent fails, its error is recorded with the changing parts of the message left out, so that
        equal errors count as one pattern. Here you see how often each occurs and where, merge and split them,
        and keep what helped. Patterns are kept in <code>.proj-intel/error_patterns.json</code>, which your
        team can share.
      </p>
      <div class="buttons centered">
        <Button onClick={() => void host.runTask()}>Run Task…</Button>
        <Button secondary onClick={() => void host.importFile()}>
          Import…
        </Button>
        {undo !== null && (
          <Button secondary onClick={() => void host.undo()}>
            Undo {undo}
          </Button>
        )}
      </div>
    </Empty>
  );
}

function Patterns({ table, host, view, setView }: Props) {
  const now = useNow();
  const { patterns } = table;
  const shown = useMemo(() => shownRows(patterns, view), [patterns, view]);
  const muted = useMemo(() => patterns.filter((row) => row.muted !== false).length, [patterns]);
  const options = useMemo(
    () => ({
      types: [...new Set(patterns.map(({ type }) => type))].sort(),
      agents: [...new Set(patterns.flatMap(({ agents }) => agents))].sort(),
    }),
    [patterns],
  );
  const chosen = patterns.find((row) => idOf(row) === view.selected);
  const detail = useDetail(chosen, host);
  const [regroup, setRegroup] = useState<{ edit: FolderEdit; preview: RegroupPreview } | null>(null);
  useEffect(() => setRegroup(null), [view.selected]);
  const apply = ({ folder, edit }: FolderEdit) =>
    void host.apply({ folder, edit }).then(() => {
      setRegroup(null);
      // What was looked at counts there now.
      if (edit.kind === "merge") setView({ ...view, selected: idOf({ folder, signature: edit.into }) });
    });
  return (
    <>
      <header class="patterns-head">
        <SearchBox
          label="Search patterns"
          value={view.text}
          onChange={(text) => setView({ ...view, text })}
        />
        <Filter
          label="Type"
          all="All types"
          options={options.types}
          value={options.types.includes(view.type) ? view.type : ""}
          onChange={(type) => setView({ ...view, type })}
        />
        <Filter
          label="Agent"
          all="All agents"
          options={options.agents}
          value={options.agents.includes(view.agent) ? view.agent : ""}
          onChange={(agent) => setView({ ...view, agent })}
        />
        <label class="filter">
          Order
          <select
            value={view.sort}
            onChange={({ currentTarget }) => setView({ ...view, sort: currentTarget.value })}
          >
            {Object.entries(sorts).map(([id, { title }]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <span class="dim" role="status">
          {counted(shown.length, "pattern")}
          {shown.length === patterns.length ? "" : ` of ${patterns.length}`}
          {muted > 0 && !view.muted ? `, ${muted} muted` : ""}
        </span>
        <span class="actions">
          {table.undo !== null && (
            <Button secondary icon="discard" onClick={() => void host.undo()}>
              Undo {table.undo}
            </Button>
          )}
          <IconToggle
            icon="bell-slash"
            label="Show muted patterns"
            checked={view.muted}
            onChange={(checked) => setView({ ...view, muted: checked })}
          />
          <IconButton icon="cloud-download" label="Import patterns…" onClick={() => void host.importFile()} />
          <IconButton icon="export" label="Export patterns…" onClick={() => void host.exportFile()} />
        </span>
      </header>
      <MasterDetail
        share={view.share}
        onShare={(share) => setView({ ...view, share })}
        list={
          shown.length === 0 ? (
            <Empty title="No pattern is like that">
              <Button
                secondary
                onClick={() => setView({ ...view, text: "", type: "", agent: "", muted: true })}
              >
                Show All
              </Button>
            </Empty>
          ) : (
            <PatternList
              rows={shown}
              selected={view.selected}
              now={now}
              onSelect={(row) => setView({ ...view, selected: idOf(row) })}
            />
          )
        }
        detail={
          chosen === undefined ? null : (
            <div class="scrolls" tabIndex={-1}>
              {regroup !== null ? (
                <Regroup
                  preview={regroup.preview}
                  onApply={() => apply(regroup.edit)}
                  onCancel={() => setRegroup(null)}
                />
              ) : detail === null ? (
                <p class="dim reading">Reading…</p>
              ) : (
                <Detail
                  key={idOf(detail)}
                  detail={detail}
                  host={host}
                  now={now}
                  onPreview={(edit) =>
                    void host.preview(edit).then((preview) => setRegroup({ edit, preview }))
                  }
                />
              )}
            </div>
          )
        }
      />
    </>
  );
}

/** The detail of the chosen pattern; what is known stays in sight while it is read again. */
function useDetail(
  chosen: PatternTable["patterns"][number] | undefined,
  host: BirpcReturn<ErrorPatternsHost>,
): PatternDetail | null {
  const [detail, setDetail] = useState<PatternDetail | null>(null);
  useEffect(() => {
    if (chosen === undefined) return;
    let wanted = true;
    const { folder, signature } = chosen;
    void host.detail({ folder, signature }).then((found) => {
      if (wanted) setDetail(found);
    });
    return () => {
      wanted = false;
    };
  }, [chosen]);
  return chosen !== undefined && detail !== null && idOf(detail) === idOf(chosen) ? detail : null;
}
