import { bytesText } from "../../model/bytes.ts";
import type { CheckpointList, CheckpointQuery } from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { Empty, Notes } from "../parts.tsx";
import type { Host } from "./checkpointList.ts";

/** There is none at all. */
export function None({ host, notes }: { host: Host; notes: readonly string[] }) {
  return (
    <>
      <Notes notes={notes} />
      <Empty title="No checkpoints yet">
        <p>
          Every run saves a checkpoint before the agent's code starts, so that a failed run can be rolled
          back. They are kept in <code>.proj-intel/checkpoints</code> and appear here as they are written.
        </p>
        <button type="button" class="primary" onClick={() => void host.runTask()}>
          Run Task…
        </button>
      </Empty>
    </>
  );
}

interface NothingProps {
  list: CheckpointList;
  query: CheckpointQuery;
  onAll: () => void;
}

/** None is among those that are looked for. */
export function Nothing({ list, query, onAll }: NothingProps) {
  const ofAgent = query.agent !== null && !list.agents.some(({ agent }) => agent === query.agent);
  if (!list.complete) return <p class="dim detail-wait">Reading…</p>;
  return (
    <Empty title={ofAgent ? `No checkpoints of ${query.agent ?? ""} yet` : "No checkpoint matches"}>
      <p>
        {ofAgent
          ? "A run saves one before the agent's code starts."
          : `There are ${counted(list.all, "checkpoint")} (${bytesText(totalOf(list))}) that do not.`}
      </p>
      <button type="button" class="primary" onClick={onAll}>
        Show All Agents
      </button>
    </Empty>
  );
}

const totalOf = ({ agents }: CheckpointList): number => agents.reduce((sum, { bytes }) => sum + bytes, 0);
