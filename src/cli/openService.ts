import { RunService, type RunServiceOptions } from "../runs/runService.ts";
import { bundles } from "./bundles.ts";
import { surroundings, type SurroundingOptions } from "./environment.ts";
import { fixes } from "./fixes.ts";
import type { Output } from "./output.ts";
import { engineOf, type QueueOptions } from "./queue/options.ts";

interface Options extends QueueOptions, SurroundingOptions {
  autoFix?: true;
}

type More = Pick<RunServiceOptions, "slots" | "agentLimits" | "onStep">;

/**
 * What a command runs agents with, here or by the workers of a queue. To be called once all that the user gave is
 * checked: a queue that is open keeps the process alive until the service is disposed.
 */
export async function openService(options: Options, output: Output, more: More = {}): Promise<RunService> {
  const around = { surroundings: surroundings(options), fixes: fixes(options) };
  const engine = await engineOf(options, output);
  try {
    return new RunService({
      ...{ hostFile: bundles.host, nodePath: process.execPath, engine },
      ...around,
      ...more,
    });
  } catch (error) {
    await engine?.dispose();
    throw error;
  }
}
