import { colours, Shape } from "./drawing.tsx";

type Sample = { label: string; width: number } & (
  { line: "extends" | "orchestrates" } | { node: Parameters<typeof Shape>[0]["node"] }
);

const plain = { test: false, migrated: false };
const samples: Sample[] = [
  { label: "agent", width: 84, node: { kind: "agent", ...plain } },
  { label: "orchestrator", width: 124, node: { kind: "orchestrator", ...plain } },
  { label: "no agent itself", width: 140, node: { kind: "other", ...plain } },
  { label: "from outside", width: 124, node: { kind: "outside", ...plain } },
  { label: "migrated", width: 104, node: { kind: "agent", test: false, migrated: true } },
  { label: "extends", width: 98, line: "extends" },
  { label: "orchestrates", width: 128, line: "orchestrates" },
];

export const legendSize = { width: samples.reduce((sum, { width }) => sum + width, 0), height: 24 };

/** What the shapes and lines mean; also below an exported picture. */
export function Legend() {
  let left = 0;
  return (
    <g font-size="11.5">
      {samples.map((sample) => {
        const x = left;
        left += sample.width;
        return (
          <g key={sample.label} transform={`translate(${x} 4)`}>
            {"line" in sample ? (
              <path
                d="M2,8L30,8"
                fill="none"
                stroke={sample.line === "extends" ? colours.base : colours.link}
                marker-end={`url(#${sample.line})`}
                {...(sample.line === "orchestrates" && { "stroke-dasharray": "5 3" })}
              />
            ) : (
              <g transform="translate(4 1)">
                <Shape node={sample.node} width={26} height={14} />
              </g>
            )}
            <text x="38" y="12" fill={colours.dim}>
              {sample.label}
            </text>
          </g>
        );
      })}
    </g>
  );
}
