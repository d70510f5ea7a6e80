import { v7 as uuid } from "uuid";
import { folderPath } from "../model/folderPath.ts";
import type { RunRequest } from "../model/hostProtocol.ts";
import { stepsOf, type Pipeline } from "../model/pipeline.ts";
import type { RemotePipeline } from "../model/remotePipeline.ts";
import { refuseLargeTask, type RemoteRun } from "../model/remoteRun.ts";
import { usualPriority } from "../model/turn.ts";
import { CodeVersions } from "../runs/codeVersions.ts";
import { stepRequest } from "../runs/pipeline/stepRequest.ts";
import { runRequest } from "../runs/startRequest.ts";

/** What workers on other machines need to know of runs and pipelines. */
export class RemoteRuns {
  readonly #codeVersions = new CodeVersions();

  /** Rejects with a UserError where its task is too large. */
  async ofRun(request: RunRequest): Promise<RemoteRun> {
    const { runId, root, file, name, task, args, retries, timeoutMs, memoryMb, logMb, resultMb } = request;
    const { checkpoint, tool, shared, switchedTools, together } = request;
    refuseLargeTask([task, args, shared]);
    const code = await this.#codeVersions.of(file);
    return {
      ...{ format: 1, runId, agent: { file_path: folderPath(root, file), name } },
      ...{ task, args, retries, timeoutMs, memoryMb, logMb, resultMb, checkpoint },
      ...(tool !== undefined && { tool }),
      ...(shared !== undefined && { shared }),
      ...(switchedTools !== undefined && { switchedTools }),
      ...(together !== undefined && { together }),
      ...(code !== null && { code }),
    };
  }

  /** Rejects with a UserError where what it is given and the tasks of its steps are too large together. */
  async ofPipeline(request: RunRequest, { steps, input }: Pipeline): Promise<RemotePipeline> {
    // A record always has a task: null stands for none.
    const given: unknown = request.task ?? input;
    refuseLargeTask([given, steps]);
    const { priority = usualPriority } = request;
    const runs: Record<string, RemoteRun> = {};
    for (const step of stepsOf(steps))
      runs[step.id] = await this.ofRun(runRequest(uuid(), stepRequest(request, step)));
    return {
      ...{ format: 1, steps, input: given === undefined ? null : { value: given } },
      ...{ priority, runs },
    };
  }
}
