import { isDeepStrictEqual } from "node:util";
import { folderPath } from "../../model/folderPath.ts";
import type { RunRequest } from "../../model/hostProtocol.ts";
import type { Step } from "../../model/pipeline.ts";
import { UserError } from "../../model/userError.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import { redact } from "../../runtime/index.ts";
import { resumeRun } from "../history/resumeRun.ts";
import type { Run, StartRequest } from "../run.ts";
import type { EarlierStep } from "./earlierSteps.ts";
import { withResults } from "./references.ts";
import type { StepBegun } from "./stepBook.ts";
import { stepRequest } from "./stepRequest.ts";

export type StartStep = (request: StartRequest) => Run;

/** Starts the steps of one run of a pipeline, as far as they have not succeeded in the run that it resumes. */
export class StepStarter {
  readonly #pipeline: RunRequest;
  readonly #earlier: ReadonlyMap<string, EarlierStep>;
  readonly #start: StartStep;

  constructor(pipeline: RunRequest, earlier: ReadonlyMap<string, EarlierStep>, start: StartStep) {
    this.#pipeline = pipeline;
    this.#earlier = earlier;
    this.#start = start;
  }

  /**
   * Answers with the run, or with how the step succeeded earlier. Rejects with a UserError where it cannot begin.
   * @param results what the steps before gave, and what the pipeline was given
   */
  async begin(step: Step, results: ReadonlyMap<string, unknown>): Promise<StepBegun> {
    const request = this.#request(step, results);
    const earlier = this.#earlier.get(step.id);
    if (earlier === undefined || !asksTheSame(request, earlier)) return { run: this.#begin(request) };
    if (earlier.end?.status === "success") return { end: earlier.end };
    const { runId, task, args } = earlier.asked;
    if (holdsRedacted([task, args])) return { run: this.#begin(request) };
    const { root } = this.#pipeline;
    const resume = ({ checkpoint, resumes }: StartRequest) =>
      this.#begin({ ...request, checkpoint, resumes });
    return { run: await resumeRun(root, runId, resume, () => undefined, "pipeline") };
  }

  #begin(request: StartRequest): Run {
    const { task, args } = request;
    if (holdsRedacted([task, args])) {
      throw new UserError(
        `it gets a result in which a secret was not recorded, so the pipeline cannot be resumed: run it anew`,
      );
    }
    return this.#start(request);
  }

  #request(step: Step, results: ReadonlyMap<string, unknown>): StartRequest {
    const request = stepRequest(this.#pipeline, step);
    return {
      ...request,
      task: withResults(request.task, results),
      args: withResults(request.args, results) as unknown[],
      shared: Object.fromEntries(results),
    };
  }
}

/** A step whose agent or task is another one now has not been done. */
function asksTheSame({ root, file, name, task, args = [] }: StartRequest, { asked }: EarlierStep): boolean {
  const agent = { file_path: folderPath(root, file), name };
  return (
    isDeepStrictEqual(asked.agent, agent) &&
    isDeepStrictEqual([asked.task, asked.args ?? []], recorded([task, args]))
  );
}

/** As a record has it. */
const recorded = (value: unknown): unknown => JSON.parse(JSON.stringify(redact(value).value));
