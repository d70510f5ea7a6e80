import { setImmediate } from "node:timers/promises";
import { usualLimits } from "../model/runLimits.ts";
import type { Outcome, RunRequest } from "../model/hostProtocol.ts";
import { MemoryCheckpointStore } from "../runtime/index.ts";
import { executeFound } from "./execute.ts";
import { findAgent } from "./findAgent.ts";
import { createLoader } from "./loadModule.ts";

class Rehearsal {
  run(task: unknown) {
    return { task };
  }
}

const request: RunRequest = {
  ...{ runId: "rehearsal", root: __dirname, file: __filename, name: Rehearsal.name },
  ...{ task: { text: "none" }, args: [], retries: 0, checkpoint: null, ...usualLimits },
};

/**
 * Executes an agent of our own as the user's will be: code that runs for the first time is compiled first, which is most of
 * what a run in a new thread would wait for. Leaves nothing behind.
 * @param signal that there is a run: rejects then, as soon as it can
 */
export async function rehearse(signal: AbortSignal): Promise<Outcome> {
  // What was sent to a thread before it listened arrives in the first turn.
  await setImmediate(undefined, { signal });
  await createLoader(__filename).import("node:path");
  await setImmediate(undefined, { signal });
  return executeFound(findAgent({ Rehearsal }, request), request, new MemoryCheckpointStore(), {
    signal,
    answerer: () => Promise.resolve(undefined),
    onEvent: () => undefined,
    onOutcome: () => undefined,
  });
}
