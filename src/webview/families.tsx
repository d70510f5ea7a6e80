import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { FamiliesHost, FamiliesRow } from "../model/panelProtocol.ts";
import type { Picture } from "../model/picture.ts";
import { Canvas, ZOOM } from "./families/canvas.tsx";
import { Markers } from "./families/drawing.tsx";
import { exportedSvg } from "./families/exported.ts";
import { layOut, type Box } from "./families/layout.ts";
import { Legend, legendSize } from "./families/legend.tsx";
import { find } from "./families/search.ts";
import { foldRule, withoutTests } from "./families/tree.ts";
import { fit, reveal, start, zoomAt, type Viewport } from "./families/viewport.ts";
import { FolderChoice, NothingYet, Progress, rowOf } from "./indexPanel.tsx";
import { drawPanel } from "./panel.tsx";
import "./families.css";

const initial = {
  folder: "",
  tests: false,
  links: true,
  search: "",
  /** Ids of the classes that are folded though they would not be, or the other way round. */
  turned: [] as string[],
  /** Null: what is seen first. */
  viewport: null as Viewport | null,
};
type View = typeof initial;

drawPanel<FamiliesRow, FamiliesHost, View>(initial, ({ rows, host, view, setView }) => {
  const row = rowOf(rows, view.folder);
  const content = row?.content ?? null;
  if (row === undefined || content === null || content.nodes.length === 0)
    return <NothingYet row={row} refresh={() => void host.refresh()} />;
  return (
    <Families
      picture={content}
      view={view}
      setView={setView}
      open={(box) => {
        const { place } = box.node;
        if (place !== null) void host.open(place);
      }}
      save={(svg) => void host.export(svg)}
      before={
        <>
          <FolderChoice
            rows={rows}
            value={row.folder ?? ""}
            onChange={(folder) => setView({ ...view, folder, viewport: null })}
          />
          <Progress row={row} />
        </>
      }
    />
  );
});

interface FamiliesProps {
  picture: Picture;
  view: View;
  setView: (view: View) => void;
  open: (box: Box) => void;
  save: (svg: string) => void;
  before: ComponentChildren;
}

function Families({ picture, view, setView, open, save, before }: FamiliesProps) {
  const page = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 800, height: 600 });
  const [current, setCurrent] = useState<string | null>(null);
  const shown = useMemo(() => (view.tests ? picture : withoutTests(picture)), [picture, view.tests]);
  const layout = useMemo(() => layOut(shown, foldRule(shown, view.turned)), [shown, view.turned]);
  const found = useMemo(() => find(layout, shown, view.search), [layout, shown, view.search]);
  const viewport = view.viewport ?? start(layout, size);
  const setViewport = (next: Viewport) => setView({ ...view, viewport: next });
  const zoom = (factor: number) =>
    setViewport(zoomAt(viewport, factor, { x: size.width / 2, y: size.height / 2 }));
  const onFit = () => setViewport(fit(layout, size));

  const onFold = (box: Box) => {
    if (box.heirs === 0) return;
    const { id } = box.node;
    const turned = view.turned.includes(id)
      ? view.turned.filter((other) => other !== id)
      : [...view.turned, id];
    // The class stays where the user sees it.
    const after = layOut(shown, foldRule(shown, turned)).boxes.find(({ node }) => node.id === id) ?? box;
    const kept = { ...viewport, x: viewport.x + after.x - box.x, y: viewport.y + after.y - box.y };
    setView({ ...view, turned, viewport: kept });
  };

  const goToNext = () => {
    const boxes = layout.boxes.filter((box) => found?.has(box) === true);
    const next = boxes[(boxes.findIndex(({ node }) => node.id === current) + 1) % boxes.length];
    if (next === undefined) return;
    setCurrent(next.node.id);
    setViewport(reveal(viewport, size, next));
  };

  const exportSvg = () => {
    const drawing = page.current?.querySelector(".drawing");
    const legend = page.current?.querySelector(".legend > g");
    if (drawing && legend) save(exportedSvg(drawing, legend, layout));
  };

  return (
    <div class="page" ref={page}>
      <header>
        {before}
        <input
          type="search"
          placeholder="Find a class"
          aria-label="Find a class"
          value={view.search}
          onInput={(event) => setView({ ...view, search: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter") goToNext();
          }}
        />
        <span class="dim" role="status">
          {found === null
            ? countOf(layout.boxes.length, shown.nodes.length)
            : `${found.size} of ${layout.boxes.length}`}
        </span>
        <Check
          label="Test files"
          checked={view.tests}
          onChange={(tests) => setView({ ...view, tests, viewport: null })}
        />
        <Check
          label="Who orchestrates whom"
          checked={view.links}
          onChange={(links) => setView({ ...view, links })}
        />
        <span class="actions">
          <Action label="Zoom Out" sign="−" run={() => zoom(1 / ZOOM)} />
          <Action label="Zoom In" sign="+" run={() => zoom(ZOOM)} />
          <Action label="Fit" run={onFit} />
          <Action label="Export as SVG" run={exportSvg} />
        </span>
      </header>
      <Canvas
        layout={layout}
        links={view.links}
        matches={found}
        viewport={viewport}
        size={size}
        current={current}
        setViewport={setViewport}
        setSize={setSize}
        setCurrent={setCurrent}
        onOpen={open}
        onFold={onFold}
        onFit={onFit}
      />
      <svg
        class="legend"
        width={legendSize.width}
        height={legendSize.height}
        viewBox={`0 0 ${legendSize.width} ${legendSize.height}`}
        preserveAspectRatio="xMinYMid"
        role="img"
        aria-label="What the shapes mean"
      >
        <Markers />
        <Legend />
      </svg>
    </div>
  );
}

/** "46 of 2000 classes, the others folded" */
function countOf(drawn: number, all: number): string {
  return drawn === all ? `${all} classes` : `${drawn} of ${all} classes, the others folded`;
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

function Action({ label, sign = label, run }: { label: string; sign?: string; run: () => void }) {
  return (
    <button type="button" class="secondary" title={label} aria-label={label} onClick={run}>
      {sign}
    </button>
  );
}
