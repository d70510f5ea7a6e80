import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { CheckpointKey, CheckpointListRow, CheckpointQuery } from "../model/checkpoints.ts";
import type {
  CheckpointsHost,
  CheckpointsPage,
  CheckpointsState,
  CheckpointsView,
  ComparisonSummary,
} from "../model/checkpointsPanel.ts";
import type { PanelState } from "../model/panelProtocol.ts";
import { useCheckpointList, type Host } from "./checkpoints/checkpointList.ts";
import { Comparison } from "./checkpoints/comparison.tsx";
import { Detail } from "./checkpoints/detail.tsx";
import { Head } from "./checkpoints/head.tsx";
import { None, Nothing } from "./checkpoints/none.tsx";
import { PRUNE_JOB, Retention, type Limits } from "./checkpoints/retention.tsx";
import { Row } from "./checkpoints/row.tsx";
import { connect, keep, restore } from "./host.ts";
import { MasterDetail } from "./kit/masterDetail.tsx";
import { RowList, type TreePlace } from "./kit/rowList.tsx";
import { Notes, useNow } from "./parts.tsx";
import "./panel.css";

const rowHeight = 24;

/** How the user looks at it. Survives a reload. */
const initial = {
  query: {
    ...{ folder: null, agent: null, runId: null, text: "", pinned: false, states: null, search: null },
    ...{ order: "branches", collapsed: [] },
  } as CheckpointQuery,
  selected: null as CheckpointKey | null,
  share: 55,
  tab: "context",
  limits: { count: "", days: "", megabytes: "" } satisfies Limits,
};
export type View = typeof initial;

/** What stands beside the list. */
type Beside =
  { kind: "detail" } | { kind: "comparison"; comparison: ComparisonSummary } | { kind: "retention" };

let show: (state: PanelState<CheckpointsState>) => void = () => undefined;
let tell: (job: string, done: number, total: number) => void = () => undefined;
const host: Host = connect<CheckpointsHost, CheckpointsPage>({
  show: (state) => show(state),
  progress: (job, done, total) => tell(job, done, total),
});

function Panel() {
  const [state, setState] = useState<PanelState<CheckpointsState> | null>(null);
  const [tick, setTick] = useState(0);
  const [view, setView] = useState(() => restored(initial));
  useEffect(() => {
    show = (received) => {
      setState(received);
      setTick((times) => times + 1);
      const asked = received.view as CheckpointsView | undefined;
      if (asked === undefined) return;
      setView((left) => ({
        ...left,
        query: {
          ...initial.query,
          order: left.query.order,
          agent: asked.agent ?? null,
          folder: asked.folder ?? null,
        },
        selected: asked.selected ?? null,
      }));
    };
    host.state().then(show, (error: unknown) => setState({ rows: [], notes: [String(error)] }));
  }, []);
  useEffect(() => keep(view), [view]);
  if (state === null) return <p class="dim detail-wait">Reading…</p>;
  return <Content {...{ state, tick, view, setView }} />;
}

/** A search of an earlier page is gone. */
function restored(from: View): View {
  const view = restore(from);
  return { ...view, query: { ...view.query, search: null } };
}

/** A folder that was closed since is not asked for; which one it is only matters among several. */
function amongFolders(query: CheckpointQuery, folders: CheckpointsState["folders"]) {
  const named = (wanted: string | null) => folders.find(({ folder }) => folder === wanted);
  return {
    query: { ...query, folder: named(query.folder)?.folder ?? null },
    folderName: (folder: string) => (folders.length > 1 ? (named(folder)?.name ?? null) : null),
  };
}

interface ContentProps {
  state: PanelState<CheckpointsState>;
  tick: number;
  view: View;
  setView: (change: (view: View) => View) => void;
}

function Content({ state, tick, view, setView }: ContentProps) {
  const now = useNow();
  const { selected } = view;
  const folders = state.rows[0]?.folders ?? [];
  const { query, folderName } = amongFolders(view.query, folders);
  /** How often a search has told of what it found. */
  const [found, setFound] = useState(0);
  const { list, rowAt, onRange } = useCheckpointList(host, query, `${tick}|${found}`);
  const [active, setActive] = useState(-1);
  /** What is selected while the keyboard is at a row that is none itself. */
  const [left, setLeft] = useState<string | null>(null);
  const [beside, setBeside] = useState<Beside>({ kind: "detail" });
  const [progress, setProgress] = useState<{ job: string; done: number; total: number } | null>(null);
  useEffect(() => {
    tell = (job, done, total) => {
      setProgress({ job, done, total });
      if (job !== PRUNE_JOB) setFound((times) => times + 1);
    };
  }, []);
  const set = (change: Partial<View>) => setView((before) => ({ ...before, ...change }));
  const setQuery = (change: Partial<CheckpointQuery>) =>
    setView((before) => ({ ...before, query: { ...before.query, ...change } }));
  // What is chosen stays chosen where rows come and go.
  useEffect(() => {
    if (list === null || selected === null || selected.id === left) return;
    let current = true;
    void host.rowOf(list.version, selected).then((row) => {
      if (current && row >= 0) setActive(row);
    });
    return () => {
      current = false;
    };
  }, [list?.version, selected?.id, left]);
  const notes = useMemo(() => [...state.notes, ...(list?.notes ?? [])], [state.notes, list?.notes]);
  if (list === null) return <p class="dim detail-wait">Reading…</p>;
  if (list.all === 0 && list.complete) return <None {...{ host, notes }} />;

  const activate = (index: number): void => {
    setActive(index);
    const row = rowAt(index);
    setLeft(row?.kind === "checkpoint" ? null : (selected?.id ?? null));
    if (row?.kind !== "checkpoint") return;
    setBeside({ kind: "detail" });
    set({ selected: { folder: row.folder, id: row.id } });
  };
  const toggle = (row: CheckpointListRow): void => {
    const { collapsed } = query;
    setQuery({
      collapsed: row.collapsed ? collapsed.filter((node) => node !== row.node) : [...collapsed, row.node],
    });
  };
  const nested = query.order === "branches";
  const placeOf = (row: CheckpointListRow): TreePlace => ({
    level: row.depth + 1,
    expanded: row.childCount === 0 ? null : !row.collapsed,
    position: row.position,
    siblings: row.siblings,
  });
  const toParent = (row: CheckpointListRow, index: number): void => {
    for (let above = index - 1; above >= 0; above -= 1) {
      const candidate = rowAt(above);
      if (candidate === undefined) return;
      if (candidate.depth < row.depth) {
        activate(above);
        return;
      }
    }
  };
  const close = (): void => {
    setBeside({ kind: "detail" });
    set({ selected: null });
  };
  const compare = async (key: CheckpointKey): Promise<void> => {
    const comparison = await host.compare(key);
    if (comparison !== null) setBeside({ kind: "comparison", comparison });
  };
  return (
    <>
      <Notes notes={notes} />
      <Head
        {...{ host, list, folders, query, setQuery }}
        progress={progress}
        onPrune={() => setBeside({ kind: "retention" })}
      />
      <MasterDetail
        share={view.share}
        onShare={(share) => set({ share })}
        list={
          list.rows === 0 ? (
            <Nothing
              list={list}
              query={query}
              onAll={() => setQuery({ ...initial.query, order: query.order })}
            />
          ) : (
            <RowList
              label="Checkpoints"
              role={nested ? "tree" : "listbox"}
              count={list.rows}
              rowHeight={rowHeight}
              rowAt={rowAt}
              draw={(row) => <Row {...{ row, now, nested, folderName }} />}
              active={active}
              onActive={activate}
              onOpen={(row) =>
                row.kind === "checkpoint" && void host.open({ folder: row.folder, id: row.id })
              }
              onRange={onRange}
              onKey={(event, row) => onKey(event, row, close)}
              isGroup={({ kind }) => kind !== "checkpoint"}
              {...(nested && { placeOf, onToggle: toggle, onParent: toParent })}
            />
          )
        }
        detail={
          beside.kind === "retention" ? (
            <Retention
              host={host}
              folders={folders}
              preferred={query.folder}
              agent={query.agent}
              limits={view.limits}
              onLimits={(limits) => set({ limits })}
              progress={progress?.job === PRUNE_JOB ? progress : null}
              onClose={() => setBeside({ kind: "detail" })}
            />
          ) : beside.kind === "comparison" ? (
            <Comparison
              comparison={beside.comparison}
              onShow={() => void host.showDifference()}
              onClose={() => setBeside({ kind: "detail" })}
            />
          ) : selected === null ? null : (
            <Detail
              {...{ host, selected, tick, now, folderName }}
              tab={view.tab}
              onTab={(tab) => set({ tab })}
              onSelect={(key) => set({ selected: key })}
              onCompare={() => void compare(selected)}
              onClose={close}
            />
          )
        }
      />
    </>
  );
}

function onKey(event: KeyboardEvent, row: CheckpointListRow, close: () => void): boolean {
  if (row.kind !== "checkpoint") return false;
  const key = { folder: row.folder, id: row.id };
  // A Mac's Delete key is the one that others call Backspace.
  if (event.key === "Delete" || event.key === "Backspace")
    void host.remove([key]).then((removed) => removed && close());
  else if (event.key.toLowerCase() === "p" && !event.ctrlKey && !event.metaKey)
    void host.setPinned(key, !row.pinned);
  else return false;
  return true;
}

const main = document.querySelector("main");
if (main !== null) {
  main.classList.add("fills");
  render(<Panel />, main);
}
