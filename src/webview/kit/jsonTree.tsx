import { useEffect, useMemo, useState } from "preact/hooks";
import { SearchBox } from "./controls.tsx";
import { Icon } from "./icon.ts";
import { jsonNodes, searchJson, type JsonNode } from "./jsonNodes.ts";
import "./jsonTree.css";
import { RowList } from "./rowList.tsx";

const rowHeight = 22;

interface Props {
  label: string;
  value: unknown;
}

/** A JSON value that is opened level by level and searched by keys and values. */
export function JsonTree({ label, value: latest }: Props) {
  const value = useSame(latest);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => firstLevels(value));
  const [active, setActive] = useState(0);
  const [text, setText] = useState("");
  const { found, open: toShow } = useMemo(() => searchJson(value, text), [value, text]);
  const shown = useMemo(() => new Set([...open, ...toShow]), [open, toShow]);
  const nodes = useMemo(() => jsonNodes(value, shown), [value, shown]);
  const hits = useMemo(() => new Set(found), [found]);
  const rowOf = (path: string | undefined) => nodes.findIndex((node) => node.path === path);
  useEffect(() => {
    if (found.length > 0) setActive(rowOf(found[0]));
  }, [found]);
  const next = (): void => {
    const at = found.indexOf(nodes[active]?.path ?? "");
    if (found.length > 0) setActive(rowOf(found[(at + 1) % found.length]));
  };
  const toggle = ({ path, expanded }: JsonNode): void => {
    const changed = new Set(shown);
    if (expanded === true) changed.delete(path);
    else changed.add(path);
    setText("");
    setOpen(changed);
  };
  return (
    <section class="json" aria-label={label}>
      <div class="json-head">
        <h3>{label}</h3>
        <SearchBox
          label={`Search ${label.toLowerCase()}`}
          value={text}
          onChange={setText}
          onSubmit={() => next()}
        />
        <span class="dim" role="status">
          {text === "" ? "" : found.length === 0 ? "Not found" : `${found.length} found`}
        </span>
      </div>
      <RowList
        label={label}
        role="tree"
        count={nodes.length}
        rowHeight={rowHeight}
        rowAt={(index) => nodes[index]}
        active={active}
        onActive={setActive}
        onToggle={toggle}
        onParent={({ parent }) => parent >= 0 && setActive(parent)}
        placeOf={({ depth, ...place }) => ({ level: depth + 1, ...place })}
        draw={(node) => <Line node={node} hit={hits.has(node.path)} />}
      />
    </section>
  );
}

function Line({ node: { depth, key, text, kind, expanded }, hit }: { node: JsonNode; hit: boolean }) {
  return (
    <span class={hit ? "json-line hit" : "json-line"} style={{ paddingLeft: `${depth * 16}px` }} title={text}>
      <Twistie expanded={expanded} />
      {key !== null && <span class="json-key">{key}</span>}
      <span class={`json-${kind}`}>{text}</span>
    </span>
  );
}

/** The value before, as long as another one has the same text: what was made anew is not looked at anew. */
function useSame(latest: unknown): unknown {
  const text = useMemo(() => JSON.stringify(latest), [latest]);
  return useMemo(() => latest, [text]);
}

/** What opens and closes a row of a tree. */
export function Twistie({ expanded }: { expanded: boolean | null }) {
  return (
    <Icon class="twistie" name={expanded === null ? "blank" : expanded ? "chevron-down" : "chevron-right"} />
  );
}

/** What is small is seen at once. */
function firstLevels(value: unknown): Set<string> {
  const open = new Set([""]);
  const nodes = jsonNodes(value, open);
  if (nodes.length <= 30) for (const { path } of nodes) open.add(path);
  return open;
}
