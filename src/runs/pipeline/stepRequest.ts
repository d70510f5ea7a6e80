import { resolve } from "node:path";
import { parseAgentRef } from "../../model/agentRef.ts";
import type { RunRequest } from "../../model/hostProtocol.ts";
import type { Step } from "../../model/pipeline.ts";
import { limitsWith } from "../../model/runLimits.ts";
import type { StartRequest } from "../run.ts";

/** The run of a step, in whose task and arguments results are still referred to. */
export function stepRequest(pipeline: RunRequest, step: Step): StartRequest & { args: unknown[] } {
  const { root, runId, retries } = pipeline;
  const { timeoutMs, ...limits } = limitsWith(pipeline);
  const { file, name } = parseAgentRef(step.agent);
  return {
    ...{ root, file: resolve(root, file), name, ...limits },
    ...{ task: step.task, args: step.args ?? [], retries: step.retries ?? retries },
    timeoutMs: step.timeoutSeconds === undefined ? (timeoutMs ?? undefined) : step.timeoutSeconds * 1000,
    ...{ batch: runId, step: step.id },
  };
}
