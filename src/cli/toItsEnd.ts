import { exitCodeOf } from "../runs/exitCode.ts";
import type { Run, RunService } from "../runs/runService.ts";
import { onInterrupt } from "./interrupt.ts";
import type { Output } from "./output.ts";

/**
 * Waits until a run ends, which Ctrl+C cancels, and closes its service. Answers with the exit code.
 * @param isQueued the run is in a queue, where it goes on without this process
 */
export async function toItsEnd(
  service: RunService,
  begin: () => Promise<Run>,
  stopping: string,
  output: Output,
  isQueued: boolean,
): Promise<number> {
  let begun: Run | null = null;
  const cancel = () => void begun?.cancel();
  const leave = () => void (begun !== null && service.dispose());
  const interrupt = onInterrupt(cancel, stopping, output, isQueued ? leave : undefined);
  try {
    const run = await begin();
    begun = run;
    if (interrupt.code !== null) await run.cancel();
    if (interrupt.isLeft) await service.dispose();
    const finished = await run.finished;
    return interrupt.code ?? exitCodeOf(finished);
  } finally {
    interrupt.dispose();
    await service.dispose();
  }
}
