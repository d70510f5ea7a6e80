import { RunOwners } from "./history/runOwners.ts";
import { LocalEngine, type LocalEngineOptions } from "./local/localEngine.ts";
import { learnError } from "./learnError.ts";
import { RecordedRun, type Run, type StartRequest } from "./run.ts";

export type { Run, StartRequest };

/** Starts, cancels and records runs. */
export class RunService {
  readonly #engine: LocalEngine;
  readonly #owners = new RunOwners();
  readonly #runs = new Set<Run>();

  constructor(options: LocalEngineOptions) {
    this.#engine = new LocalEngine(options);
  }

  /** Never throws: a run that cannot start finishes as failed, with one clear sentence. */
  start(request: StartRequest): Run {
    const run = new RecordedRun(request, this.#engine, this.#owners, learnError);
    this.#runs.add(run);
    void run.finished.then(() => this.#runs.delete(run));
    return run;
  }

  /** Ends every run (as interrupted) and every process. */
  async dispose(): Promise<void> {
    const finished = [...this.#runs].map((run) => run.finished);
    await this.#engine.dispose();
    await Promise.all(finished);
    await this.#owners.release();
  }
}
