import type { CheckpointSummaryRow, ContentDifference } from "../../model/checkpoints.ts";
import type { ComparisonSummary } from "../../model/checkpointsPanel.ts";
import { checkpointLabel } from "../../model/checkpointLabel.ts";
import { counted } from "../../model/counted.ts";
import { IconButton } from "../kit/controls.tsx";
import { absoluteTime } from "../time.ts";
import "./comparison.css";

interface Props {
  comparison: ComparisonSummary;
  onShow: () => void;
  onClose: () => void;
}

const signs: Record<ContentDifference["kind"], string> = { added: "+", removed: "−", changed: "~" };

/** What differs between two checkpoints, place by place; the texts themselves stand in a diff editor. */
export function Comparison({ comparison, onShow, onClose }: Props) {
  const { a, b, added, removed, changed, differences, truncated } = comparison;
  const none = differences.length === 0;
  return (
    <section class="detail" aria-label="Comparison">
      <header class="detail-head">
        <h2>Comparison</h2>
        <span class="tools">
          <IconButton icon="diff" label="Show in Diff Editor" onClick={onShow} />
          <IconButton icon="close" label="Close" onClick={onClose} />
        </span>
      </header>
      <p class="compared">
        <span class="removed">−</span> {nameOf(a)}
        <br />
        <span class="added">+</span> {b === null ? "the state that the agent has now" : nameOf(b)}
      </p>
      <p class="compared" role="status">
        {none
          ? "State, task and answers are the same."
          : `${counted(added, "value")} added, ${removed} removed, ${changed} changed${truncated ? ", or more" : ""}.`}
      </p>
      {!none && (
        <div class="differences">
          <table aria-label="Differences">
            <thead>
              <tr>
                <th scope="col" class="wide">
                  Place
                </th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ kind, path, before, after }, i) => (
                <tr key={i}>
                  <td class="place">
                    <span class={kind} title={kind}>
                      {signs[kind]}
                    </span>{" "}
                    <code>{path === "" ? "/" : path}</code>
                  </td>
                  <td>
                    <code class="message">{before ?? ""}</code>
                  </td>
                  <td>
                    <code class="message">{after ?? ""}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const nameOf = (summary: CheckpointSummaryRow): string =>
  `${checkpointLabel(summary)} of ${summary.agent}, ${absoluteTime(summary.createdAt)}`;
