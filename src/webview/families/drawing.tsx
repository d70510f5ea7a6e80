import type { PictureNode } from "../../model/picture.ts";
import type { Box, Layout } from "./layout.ts";

/** Theme colours as attributes: the page's policy allows no styles, and an exported drawing takes them along. */
export const colours = {
  text: "var(--vscode-foreground)",
  dim: "var(--vscode-descriptionForeground)",
  page: "var(--vscode-editor-background)",
  box: "var(--vscode-editorWidget-background)",
  base: "var(--vscode-descriptionForeground)",
  link: "var(--vscode-charts-purple)",
  agent: "var(--vscode-charts-blue)",
  orchestrator: "var(--vscode-charts-purple)",
  outside: "var(--vscode-charts-yellow)",
  other: "var(--vscode-descriptionForeground)",
  migrated: "var(--vscode-charts-green)",
} as const;

/** Many lines are drawn faintly: those of one class come out under the mouse. */
const opacityOf = (lines: number): number => Math.min(0.8, Math.max(0.15, 40 / lines));

interface Props {
  layout: Layout;
  links: boolean;
  /** Boxes that stay bright while the user searches; null while nobody does. */
  matches: ReadonlySet<Box> | null;
}

/** The picture itself: what is exported is exactly this. */
export function Drawing({ layout, links, matches }: Props) {
  return (
    <g
      class={matches === null ? "drawing" : "drawing searching"}
      font-size="12"
      // Otherwise every step of a zoom sets all texts anew.
      text-rendering="geometricPrecision"
    >
      <Markers />
      <g fill="none" stroke={colours.base} stroke-opacity="0.75">
        {layout.bases.map(({ from, path }) => (
          <path key={from.node.id} d={path} marker-end="url(#extends)" />
        ))}
      </g>
      {links && (
        <g fill="none" stroke={colours.link} stroke-opacity={opacityOf(layout.links.length)} class="links">
          {layout.links.map(({ from, to, path }) => (
            <path
              key={`${from.node.id} ${to.node.id}`}
              d={path}
              marker-end="url(#orchestrates)"
              stroke-dasharray="5 3"
            />
          ))}
        </g>
      )}
      {layout.boxes.map((box, index) => (
        <BoxOf key={box.node.id} box={box} index={index} bright={matches?.has(box) ?? true} />
      ))}
    </g>
  );
}

export function Markers() {
  const shape = { viewBox: "0 0 10 10", refX: 9.5, refY: 5, orient: "auto" };
  return (
    <defs>
      <marker id="extends" {...shape} markerWidth="9" markerHeight="9">
        <path d="M1,1L9.5,5L1,9z" fill={colours.page} stroke={colours.base} />
      </marker>
      <marker id="orchestrates" {...shape} markerWidth="7" markerHeight="7">
        <path d="M1,1L9.5,5L1,9z" fill={colours.link} stroke="none" />
      </marker>
    </defs>
  );
}

function BoxOf({ box, index, bright }: { box: Box; index: number; bright: boolean }) {
  const { node, label, x, y, width, height, heirs, hidden } = box;
  return (
    <g
      id={elementId(index)}
      class={bright ? "box match" : "box"}
      data-id={node.id}
      role="treeitem"
      aria-label={spoken(box)}
      {...(heirs > 0 && { "aria-expanded": hidden === 0 })}
      transform={`translate(${x} ${y})`}
    >
      <title>{spoken(box)}</title>
      <Shape node={node} width={width} height={height} />
      <text
        x="12"
        y="17.5"
        fill={node.kind === "outside" || node.test ? colours.dim : colours.text}
        {...(node.abstract && { "font-style": "italic" })}
      >
        {label}
      </text>
      {heirs > 0 && (
        <g class="fold" data-fold={node.id} transform={`translate(${width - 34} 4)`}>
          <rect width="30" height={height - 8} rx="9" fill={colours.page} />
          <text x="15" y="13" text-anchor="middle" font-size="10.5" fill={colours.dim}>
            {hidden > 0 ? `+${hidden}` : "−"}
          </text>
        </g>
      )}
    </g>
  );
}

interface ShapeProps {
  node: Pick<PictureNode, "kind" | "test" | "migrated">;
  width: number;
  height: number;
}

export function Shape({ node: { kind, test, migrated }, width, height }: ShapeProps) {
  return (
    <>
      <rect
        width={width}
        height={height}
        rx={kind === "outside" ? 13 : 4}
        fill={colours.box}
        stroke={colours[kind]}
        stroke-width={kind === "orchestrator" ? 2 : 1}
        {...((kind === "outside" || test) && { "stroke-dasharray": "4 2" })}
      />
      {migrated && <circle cx="1" cy={height / 2} r="4" fill={colours.migrated} stroke={colours.page} />}
    </>
  );
}

export const elementId = (index: number): string => `class-${index}`;

function spoken({ node, heirs }: Box): string {
  const { name, kind, abstract, test, migrated, origin } = node;
  const what = {
    agent: "agent",
    orchestrator: "orchestrator",
    other: "no agent itself",
    outside: "from outside",
  }[kind];
  const words = [abstract ? "abstract" : "", test ? "test" : "", what].filter(Boolean).join(" ");
  const more = [migrated ? "migrated" : "", heirs > 0 ? `${heirs} below it` : "", origin];
  return [name, words, ...more].filter(Boolean).join(", ");
}
