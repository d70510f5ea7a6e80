import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { colours, Drawing, elementId } from "./drawing.tsx";
import { neighbour } from "./keys.ts";
import type { Box, Layout } from "./layout.ts";
import { pan, reveal, zoomAt, type Size, type Viewport } from "./viewport.ts";

interface Props {
  layout: Layout;
  links: boolean;
  matches: ReadonlySet<Box> | null;
  viewport: Viewport;
  size: Size;
  /** The id of the class that the keyboard is at. */
  current: string | null;
  setViewport: (viewport: Viewport) => void;
  setSize: (size: Size) => void;
  setCurrent: (id: string | null) => void;
  onOpen: (box: Box) => void;
  onFold: (box: Box) => void;
  onFit: () => void;
}

const STEP = 60;
export const ZOOM = 1.25;
/** Pixels from which on a press is a drag. */
const SLACK = 4;

/** The picture in its window: the wheel zooms, dragging moves, a click opens the source; all of it with keys too. */
export function Canvas(props: Props) {
  const { layout, links, matches, viewport, size, current, setViewport, setCurrent } = props;
  const svg = useRef<SVGSVGElement>(null);
  const [over, setOver] = useState<string | null>(null);
  const drag = useDrag(viewport, setViewport);
  const boxOf = (id: string | null) =>
    id === null ? null : (layout.boxes.find(({ node }) => node.id === id) ?? null);
  const at = boxOf(current);

  useSize(svg, props.setSize);
  useWheel(svg, (event) => {
    const { left, top } = (svg.current as SVGSVGElement).getBoundingClientRect();
    const point = { x: event.clientX - left, y: event.clientY - top };
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    setViewport(zoomAt(viewport, Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 100 : 400)), point));
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const moved = event.shiftKey ? panned(viewport, event.key) : null;
    const middle = { x: size.width / 2, y: size.height / 2 };
    if (moved !== null) setViewport(moved);
    else if (event.key === "+" || event.key === "=") setViewport(zoomAt(viewport, ZOOM, middle));
    else if (event.key === "-") setViewport(zoomAt(viewport, 1 / ZOOM, middle));
    else if (event.key === "0") props.onFit();
    else if (event.key === "Enter" && at !== null) props.onOpen(at);
    else if (event.key === " " && at !== null) props.onFold(at);
    else {
      const next = neighbour(layout, at, event.key);
      if (next === null) return;
      setCurrent(next.node.id);
      setViewport(reveal(viewport, size, next));
    }
    event.preventDefault();
  };

  const onClick = ({ target }: MouseEvent) => {
    if (drag.moved() || !(target instanceof Element)) return;
    const box = boxOf(target.closest("[data-id]")?.getAttribute("data-id") ?? null);
    if (box === null) return;
    setCurrent(box.node.id);
    if (target.closest("[data-fold]") !== null) props.onFold(box);
    else props.onOpen(box);
  };

  const drawing = useMemo(
    () => <Drawing layout={layout} links={links} matches={matches} />,
    [layout, links, matches],
  );
  const { x, y, scale } = viewport;
  return (
    <svg
      ref={svg}
      class="canvas"
      role="tree"
      aria-label="Families of agents"
      tabindex={0}
      {...(at !== null && { "aria-activedescendant": elementId(layout.boxes.indexOf(at)) })}
      viewBox={`${x} ${y} ${size.width / scale} ${size.height / scale}`}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onPointerDown={drag.down}
      onPointerMove={(event) => {
        drag.move(event);
        const { target } = event;
        const id = target instanceof Element ? target.closest("[data-id]")?.getAttribute("data-id") : null;
        if ((id ?? null) !== over) setOver(id ?? null);
      }}
      onPointerUp={drag.up}
      onPointerLeave={() => setOver(null)}
    >
      {drawing}
      {links && <Bonds layout={layout} of={[current, over]} />}
      {at !== null && (
        <rect
          class="current"
          x={at.x - 3}
          y={at.y - 3}
          width={at.width + 6}
          height={at.height + 6}
          rx="6"
          fill="none"
        />
      )}
    </svg>
  );
}

/** Whom the class under the mouse or the keyboard orchestrates, and who orchestrates it. */
function Bonds({ layout, of }: { layout: Layout; of: (string | null)[] }) {
  const bonds = layout.links.filter(({ from, to }) => of.includes(from.node.id) || of.includes(to.node.id));
  return (
    <g fill="none" stroke={colours.link} stroke-width="2.2" class="bonds">
      {bonds.map(({ from, to, path }) => (
        <path key={`${from.node.id} ${to.node.id}`} d={path} marker-end="url(#orchestrates)" />
      ))}
    </g>
  );
}

function panned(viewport: Viewport, key: string): Viewport | null {
  if (key === "ArrowLeft") return pan(viewport, STEP, 0);
  if (key === "ArrowRight") return pan(viewport, -STEP, 0);
  if (key === "ArrowUp") return pan(viewport, 0, STEP);
  if (key === "ArrowDown") return pan(viewport, 0, -STEP);
  return null;
}

function useSize(svg: { current: SVGSVGElement | null }, setSize: (size: Size) => void): void {
  useEffect(() => {
    const element = svg.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
}

/** Preact would listen passively, and the page would scroll. */
function useWheel(svg: { current: SVGSVGElement | null }, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const listener = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    svg.current?.addEventListener("wheel", listener, { passive: false });
    return () => svg.current?.removeEventListener("wheel", listener);
  }, []);
}

function useDrag(viewport: Viewport, setViewport: (viewport: Viewport) => void) {
  const start = useRef<{ x: number; y: number; viewport: Viewport; moved: boolean } | null>(null);
  const dragged = useRef(false);
  return {
    down: ({ clientX, clientY, button }: PointerEvent) => {
      dragged.current = false;
      if (button === 0) start.current = { x: clientX, y: clientY, viewport, moved: false };
    },
    move: ({ clientX, clientY, buttons, currentTarget, pointerId }: PointerEvent) => {
      const from = start.current;
      if (from === null || buttons === 0) return;
      const [dx, dy] = [clientX - from.x, clientY - from.y];
      if (!from.moved && Math.hypot(dx, dy) < SLACK) return;
      // Not before it is a drag: the click would lose what it was on.
      if (!from.moved) (currentTarget as Element).setPointerCapture(pointerId);
      from.moved = true;
      dragged.current = true;
      setViewport(pan(from.viewport, dx, dy));
    },
    up: () => {
      start.current = null;
    },
    moved: () => dragged.current,
  };
}
