import type { BirpcReturn } from "birpc";
import { useEffect, useRef, useState } from "preact/hooks";
import { counted } from "../model/counted.ts";
import type {
  ErrorPatternsHost,
  FolderEdit,
  PatternDetail,
  PatternList,
  PatternRef,
  PatternRow,
  PatternTable,
  RegroupPreview,
} from "../model/patterns.ts";
import { Button } from "./kit/button.ts";
import { IconButton, IconToggle, SearchBox } from "./kit/controls.tsx";
import { MasterDetail } from "./kit/masterDetail.tsx";
import { useWindowedRows } from "./kit/windowedRows.ts";
import { drawPanel } from "./panel.tsx";
import { Empty, Filter, useNow } from "./parts.tsx";
import { Detail } from "./patterns/patternDetail.tsx";
import { PatternList as Rows } from "./patterns/patternList.tsx";
import "./patterns/patterns.css";
import { Regroup } from "./patterns/regroup.tsx";
import { useActive } from "./patterns/useActive.ts";
import { idOf, initialView, orders, type PatternView } from "./patterns/view.ts";

type Host = BirpcReturn<ErrorPatternsHost>;

interface Props {
  table: PatternTable;
  host: Host;
  view: PatternView;
  setView: (view: PatternView) => void;
}

document.querySelector("main")?.classList.add("fills");

drawPanel<PatternTable, ErrorPatternsHost, PatternView>(
  initialView,
  ({ rows: [table], host, view, setView }) => {
    const asked = host as unknown as Host;
    if (table === undefined || table.all === 0) return <Nothing host={asked} undo={table?.undo ?? null} />;
    return <Patterns table={table} host={asked} view={view} setView={setView} />;
  },
);

function Nothing({ host, undo }: { host: Host; undo: string | null }) {
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
  const { chosen, share, ...query } = view;
  const tick = useTick(table);
  const { list, rowAt, onRange } = useWindowedRows<PatternRow, PatternList>(
    { query: () => host.query(query, chosen), rows: (...window) => host.rows(...window) },
    `${tick}|${JSON.stringify(query)}`,
  );
  const { active, setActive } = useActive({ list, rowAt, view, setView });
  const { detail, isGone } = useDetail(chosen, tick, host);
  const [regroup, setRegroup] = useState<{ edit: FolderEdit; preview: RegroupPreview } | null>(null);
  const chosenId = chosen === null ? null : idOf(chosen);
  useEffect(() => setRegroup(null), [chosenId]);
  if (list === null) return <p class="dim reading">Reading…</p>;
  const apply = ({ folder, edit }: FolderEdit) =>
    void host.apply({ folder, edit }).then(() => {
      setRegroup(null);
      // What was looked at counts there now.
      if (edit.kind === "merge") setView({ ...view, chosen: { folder, signature: edit.into } });
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
          options={list.types}
          value={list.types.includes(view.type) ? view.type : ""}
          onChange={(type) => setView({ ...view, type })}
        />
        <Filter
          label="Agent"
          all="All agents"
          options={list.agents}
          value={list.agents.includes(view.agent) ? view.agent : ""}
          onChange={(agent) => setView({ ...view, agent })}
        />
        <label class="filter">
          Order
          <select
            value={view.sort}
            onChange={({ currentTarget }) =>
              setView({ ...view, sort: currentTarget.value as PatternView["sort"] })
            }
          >
            {Object.entries(orders).map(([id, title]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <span class="dim" role="status">
          {counted(list.shown, "pattern")}
          {list.shown === list.all ? "" : ` of ${list.all}`}
          {list.muted > 0 && !view.muted ? `, ${list.muted} muted` : ""}
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
        share={share}
        onShare={(share) => setView({ ...view, share })}
        list={
          list.shown === 0 ? (
            <Empty title="No pattern is like that">
              <Button
                secondary
                onClick={() => setView({ ...view, text: "", type: "", agent: "", muted: true })}
              >
                Show All
              </Button>
            </Empty>
          ) : (
            <Rows
              count={list.shown}
              onActive={setActive}
              {...{ rowAt, active, now, onRange }}
              folders={table.folders}
            />
          )
        }
        detail={
          chosen === null || isGone ? null : (
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
                  folderName={table.folders[detail.folder]}
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
  chosen: PatternRef | null,
  tick: number,
  host: Host,
): { detail: PatternDetail | null; isGone: boolean } {
  const [read, setRead] = useState<{ id: string; detail: PatternDetail | null } | null>(null);
  const id = chosen === null ? null : idOf(chosen);
  useEffect(() => {
    if (chosen === null || id === null) return;
    let wanted = true;
    void host.detail(chosen).then((detail) => {
      if (wanted) setRead({ id, detail });
    });
    return () => {
      wanted = false;
    };
  }, [id, tick]);
  const known = read !== null && read.id === id ? read : null;
  return { detail: known?.detail ?? null, isGone: known?.detail === null };
}

/** How often another value has come. */
function useTick(value: unknown): number {
  const seen = useRef({ value, times: 0 });
  if (seen.current.value !== value) seen.current = { value, times: seen.current.times + 1 };
  return seen.current.times;
}
