import type { RunEvent } from "../model/runRecord.ts";
import { resumeRun } from "./history/resumeRun.ts";
import { RunOwners } from "./history/runOwners.ts";
import { LocalEngine, type LocalEngineOptions } from "./local/localEngine.ts";
import { learnError } from "./learnError.ts";
import { usualSurroundings, type FindSurroundings } from "./runSurroundings.ts";
import { RecordedRun, type Run, type StartRequest } from "./run.ts";

export type { Run, StartRequest };

export interface RunServiceOptions extends LocalEngineOptions {
  /** By default the files that stand in the folder under their usual names. */
  surroundings?: FindSurroundings | undefined;
}

/** Starts, cancels and records runs. */
export class RunService {
  readonly #engine: LocalEngine;
  readonly #surroundings: FindSurroundings;
  readonly #owners = new RunOwners();
  readonly #runs = new Set<Run>();

  constructor({ surroundings = usualSurroundings, ...options }: RunServiceOptions) {
    this.#surroundings = surroundings;
    this.#engine = new LocalEngine(options);
  }

  /** Never throws: a run that cannot start finishes as failed, with one clear sentence. */
  start(request: StartRequest): Run {
    const run = new RecordedRun(request, this.#engine, this.#owners, learnError, this.#surroundings);
    this.#runs.add(run);
    void run.finished.then(() => this.#runs.delete(run));
    return run;
  }

  /**
   * Resumes a run of this or another process that failed, was cancelled or interrupted: a new run goes on from its last
   * checkpoint, or begins anew where it saved none. Rejects with a UserError where that cannot be; no run is resumed twice.
   */
  resume(root: string, runId: string, listener: (event: RunEvent) => void = () => undefined): Promise<Run> {
    return resumeRun(root, runId, (request) => this.start(request), listener);
  }

  /** Ends every run (as interrupted) and every process. */
  async dispose(): Promise<void> {
    const finished = [...this.#runs].map((run) => run.finished);
    await this.#engine.dispose();
    await Promise.all(finished);
    await this.#owners.release();
  }
}
