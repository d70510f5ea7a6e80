import "@vscode-elements/elements/dist/vscode-split-layout/index.js";
import { h, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Element } from "./element.ts";
import "./masterDetail.css";

const SplitLayout: Element<{
  split: "vertical" | "horizontal";
  handlePosition: string;
  minStart: string;
  minEnd: string;
  "onvsc-split-layout-change": (event: CustomEvent<{ positionInPercentage: number }>) => void;
}> = (props) => h("vscode-split-layout", props);

const narrow = matchMedia("(max-width: 720px)");

interface Props {
  /** Of the list, in percent. */
  share: number;
  onShare: (share: number) => void;
  list: ComponentChildren;
  /** Null where nothing is chosen: the list has all the room then. */
  detail: ComponentChildren;
}

/** A list and what is chosen in it: beside each other, or one above the other where there is no room. */
export function MasterDetail({ share, onShare, list, detail }: Props) {
  const [stacked, setStacked] = useState(narrow.matches);
  useEffect(() => {
    const follow = () => setStacked(narrow.matches);
    narrow.addEventListener("change", follow);
    return () => narrow.removeEventListener("change", follow);
  }, []);
  if (detail === null) return <div class="pane">{list}</div>;
  return (
    <SplitLayout
      class="panes"
      split={stacked ? "horizontal" : "vertical"}
      handlePosition={`${share}%`}
      minStart="120px"
      minEnd="120px"
      onvsc-split-layout-change={({ detail: { positionInPercentage } }) => onShare(positionInPercentage)}
    >
      <div slot="start" class="pane">
        {list}
      </div>
      <div slot="end" class="pane">
        {detail}
      </div>
    </SplitLayout>
  );
}
