import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import "./tabs.css";

interface Props<Name extends string> {
  label: string;
  names: readonly Name[];
  titleOf: (name: Name) => string;
  shown: Name;
  onShow: (name: Name) => void;
  /** What the shown one has. */
  children: ComponentChildren;
}

/** Several contents in one place. Tab reaches the shown one, arrow keys, Home and End the others. */
export function Tabs<Name extends string>({ label, names, titleOf, shown, onShow, children }: Props<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = target(event.key, names.indexOf(shown), names.length);
    const name = to === null ? undefined : names[to];
    if (name === undefined) return;
    event.preventDefault();
    onShow(name);
    list.current?.querySelectorAll("button")[names.indexOf(name)]?.focus();
  };
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {names.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            tabIndex={name === shown ? 0 : -1}
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            class={name === shown ? "tab chosen" : "tab"}
            onClick={() => onShow(name)}
          >
            {titleOf(name)}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} class="tab-panel" role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {children}
      </div>
    </>
  );
}

function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
