import type { GroupPreview, RegroupPreview } from "../../model/patterns.ts";
import { counted } from "../../model/counted.ts";
import { Button } from "../kit/button.ts";

interface Props {
  preview: RegroupPreview;
  onApply: () => void;
  onCancel: () => void;
}

/** What changing a grouping rule makes of the history, before it is done. */
export function Regroup({ preview: { title, before, after, notes }, onApply, onCancel }: Props) {
  return (
    <section class="regroup pattern-detail" aria-label="Preview">
      <h2>{title}?</h2>
      <div class="regroup-sides">
        <Side title="Before" groups={before} />
        <Side title="After" groups={after} />
      </div>
      {notes.map((note) => (
        <p key={note} class="dim">
          {note}
        </p>
      ))}
      <div class="buttons">
        <Button onClick={onApply}>Apply</Button>
        <Button secondary onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </section>
  );
}

function Side({ title, groups }: { title: string; groups: readonly GroupPreview[] }) {
  return (
    <div class="regroup-side">
      <h3>
        {title}: {counted(groups.length, "group")}
      </h3>
      {groups.map(({ signature, message, occurrences, agents, samples }) => (
        <div key={signature} class="regroup-group">
          <div class="solution-head">
            <code class="message">{message}</code>
            <strong>{occurrences.toLocaleString("en")}×</strong>
          </div>
          {agents.length > 0 && <div class="dim">{agents.join(", ")}</div>}
          <ul class="plain dim">
            {samples.map((sample) => (
              <li key={sample}>
                <code class="message">{sample}</code>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
