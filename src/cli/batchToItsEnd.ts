import type { BatchSummary } from "../model/batch.ts";
import type { RunService } from "../runs/runService.ts";
import type { BatchTable } from "./batchTable.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Output } from "./output.ts";

interface Told {
  service: RunService;
  interrupt: Interrupt;
  table: BatchTable;
  json: boolean;
}

/** Waits until the runs of a batch have ended, tells what came of them, and closes their service. Answers with the exit code. */
export async function batchToItsEnd(
  { service, interrupt, table, json }: Told,
  follow: () => Promise<BatchSummary>,
  output: Output,
): Promise<number> {
  try {
    const summary = await follow();
    if (json) output.json({ type: "summary", ...summary });
    else table.end(summary);
    return interrupt.code ?? (summary.succeeded === summary.total ? 0 : 1);
  } finally {
    table.dispose();
    interrupt.dispose();
    await service.dispose();
  }
}
