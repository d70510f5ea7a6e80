import { render, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BirpcReturn } from "birpc";
import type { PanelHost, PanelPage, PanelState } from "../model/panelProtocol.ts";
import { connect, keep, restore } from "./host.ts";
import { Notes } from "./parts.tsx";
import "./panel.css";

interface PanelProps<Row, Host extends object, View> {
  rows: Row[];
  host: BirpcReturn<Host, PanelPage<Row>>;
  /** How the user looks at it: sort, filter. Survives a reload. */
  view: View;
  setView: (view: View) => void;
}

/** Draws a panel: asks the extension for the state once, then follows what it sends. */
export function drawPanel<Row, Host extends PanelHost<Row>, View extends object>(
  initial: View,
  Content: (props: PanelProps<Row, Host, View>) => ComponentChildren,
): void {
  let show: (state: PanelState<Row>) => void = () => undefined;
  const host = connect<Host, PanelPage<Row>>({ show: (state) => show(state) });

  function Panel() {
    const [state, setState] = useState<PanelState<Row> | null>(null);
    const [view, setView] = useState(() => restore(initial));
    useEffect(() => {
      show = (received) => {
        setState(received);
        if (received.view !== undefined) setView((left) => ({ ...left, ...received.view }));
      };
      const asking = host as BirpcReturn<PanelHost<Row>, PanelPage<Row>>;
      asking.$call("state").then(show, (error: unknown) => setState({ rows: [], notes: [String(error)] }));
    }, []);
    useEffect(() => keep(view), [view]);
    if (state === null) return <p class="dim">Reading…</p>;
    return (
      <>
        <Notes notes={state.notes} />
        {(state.rows.length > 0 || state.notes.length === 0) && (
          <Content rows={state.rows} host={host} view={view} setView={setView} />
        )}
      </>
    );
  }

  const main = document.querySelector("main");
  if (main !== null) render(<Panel />, main);
}
