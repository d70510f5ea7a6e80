import { exitCodeOf } from "../runs/exitCode.ts";
import type { Run, RunService } from "../runs/runService.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Output } from "./output.ts";

/** Waits until a run ends, which Ctrl+C cancels, and closes its service. Answers with the exit code. */
export async function toItsEnd(
  service: RunService,
  begin: () => Promise<Run>,
  stopping: string,
  output: Output,
): Promise<number> {
  let cancel = () => Promise.resolve();
  const interrupt = onInterrupt(() => void cancel(), stopping, output);
  try {
    const run = await begin();
    cancel = () => run.cancel();
    if (interrupt.code !== null) await cancel();
    const finished = await run.finished;
    return interrupt.code ?? exitCodeOf(finished);
  } finally {
    interrupt.dispose();
    await service.dispose();
  }
}
