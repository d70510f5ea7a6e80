import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import "./rowList.css";
import { useVirtualRows } from "./virtualRows.ts";

/** What a row of a tree is; a list has none of it. */
export interface TreePlace {
  /** From 1. */
  level: number;
  /** Null where nothing is below it. */
  expanded: boolean | null;
  /** From 1, among its siblings. */
  position: number;
  siblings: number;
}

interface Props<Row> {
  label: string;
  role: "tree" | "listbox";
  count: number;
  rowHeight: number;
  /** Undefined where it is not there yet. */
  rowAt: (index: number) => Row | undefined;
  draw: (row: Row, index: number) => ComponentChildren;
  /** The index of the chosen row; -1 for none. */
  active: number;
  onActive: (index: number) => void;
  /** Enter, or a double click. */
  onOpen?: ((row: Row, index: number) => void) | undefined;
  placeOf?: (row: Row) => TreePlace;
  /** Arrow keys and clicks on the twistie open and close the rows of a tree. */
  onToggle?: (row: Row, index: number) => void;
  /** Whether a click anywhere does, too; by default it does. */
  isGroup?: (row: Row) => boolean;
  /** Goes to the row above it in the tree. */
  onParent?: (row: Row, index: number) => void;
  /** Further keys; answers whether it took one. */
  onKey?: (event: KeyboardEvent, row: Row, index: number) => boolean;
  /** Those in sight, the last one included. */
  onRange?: (first: number, last: number) => void;
}

let lists = 0;

/** Any number of rows of one height, of which only those in sight are drawn: a listbox or a tree, driven by mouse and keys. */
export function RowList<Row>(props: Props<Row>) {
  const { label, role, count, rowHeight, rowAt, active, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useRef(`rows${(lists += 1)}`).current;
  const { items, height, reveal } = useVirtualRows(count, rowHeight, scroller);
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  useEffect(() => onRange?.(first, last), [first, last, count]);
  useEffect(() => {
    if (active >= 0 && active < count) reveal(active);
  }, [active]);
  const activeInSight = active >= first && active <= last;
  return (
    <div
      ref={scroller}
      class="rows"
      role={role}
      aria-label={label}
      tabIndex={0}
      {...(activeInSight && { "aria-activedescendant": `${id}-${active}` })}
      onKeyDown={(event) => onKeyDown(event, props, Math.max(1, Math.floor(pageOf(event) / rowHeight)))}
    >
      <div class="rows-height" role="presentation" style={{ height: `${height}px` }}>
        {items.map(({ index, start }) => {
          const row = rowAt(index);
          const place = row === undefined ? undefined : props.placeOf?.(row);
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role={role === "tree" ? "treeitem" : "option"}
              class={index === active ? "row active" : "row"}
              style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
              aria-selected={index === active}
              data-index={index}
              aria-setsize={place?.siblings ?? count}
              aria-posinset={place?.position ?? index + 1}
              {...(place && { "aria-level": place.level })}
              {...(place && place.expanded !== null && { "aria-expanded": place.expanded })}
              onClick={({ target }) => {
                props.onActive(index);
                if (row === undefined || !place || place.expanded === null) return;
                const onTwistie = target instanceof Element && target.closest(".twistie") !== null;
                if (onTwistie || props.isGroup?.(row) !== false) props.onToggle?.(row, index);
              }}
              onDblClick={() => row !== undefined && props.onOpen?.(row, index)}
            >
              {row === undefined ? <span class="dim">…</span> : props.draw(row, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const pageOf = ({ currentTarget }: KeyboardEvent): number =>
  currentTarget instanceof HTMLElement ? currentTarget.clientHeight : 0;

function onKeyDown<Row>(event: KeyboardEvent, props: Props<Row>, page: number): void {
  const { count, active, rowAt, onActive } = props;
  const row = active < 0 ? undefined : rowAt(active);
  const to = target(event.key, active, count, page);
  if (row !== undefined && props.onKey?.(event, row, active) === true) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (to !== null) onActive(Math.max(0, Math.min(count - 1, to)));
  else if (row === undefined || !act(event.key, row, props)) return;
  event.preventDefault();
}

function target(key: string, active: number, count: number, page: number): number | null {
  switch (key) {
    case "ArrowDown":
      return active + 1;
    case "ArrowUp":
      return active - 1;
    case "PageDown":
      return active + page;
    case "PageUp":
      return active - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

function act<Row>(key: string, row: Row, props: Props<Row>): boolean {
  const { active, placeOf, onOpen, onToggle, onParent, onActive } = props;
  const expanded = placeOf?.(row).expanded ?? null;
  if (key === "Enter") onOpen?.(row, active);
  else if (key === " " && expanded !== null) onToggle?.(row, active);
  else if (key === "ArrowRight" && expanded === false) onToggle?.(row, active);
  else if (key === "ArrowRight" && expanded === true) onActive(active + 1);
  else if (key === "ArrowLeft" && expanded === true) onToggle?.(row, active);
  else if (key === "ArrowLeft") onParent?.(row, active);
  else return false;
  return true;
}
