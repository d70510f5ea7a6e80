import type { BirpcReturn } from "birpc";
import type { CheckpointList, CheckpointListRow, CheckpointQuery } from "../../model/checkpoints.ts";
import type { CheckpointsHost, CheckpointsPage } from "../../model/checkpointsPanel.ts";
import { useWindowedRows, type WindowedRows } from "../kit/windowedRows.ts";

export type Host = BirpcReturn<CheckpointsHost, CheckpointsPage>;

/** @param tick what is on disk may be another one whenever it changes */
export const useCheckpointList = (
  host: Host,
  query: CheckpointQuery,
  tick: string,
): WindowedRows<CheckpointListRow, CheckpointList> =>
  useWindowedRows(
    { query: () => host.query(query), rows: (...window) => host.rows(...window) },
    `${tick}|${JSON.stringify(query)}`,
  );
