import { resolve } from "node:path";
import { parseAgentRef } from "../model/agentRef.ts";
import { isPipelineFile, stepsOf, type Pipeline } from "../model/pipeline.ts";
import type { LiveState } from "../model/hostProtocol.ts";
import type { ControlRequest, Given } from "../model/runControl.ts";
import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { Company } from "./company.ts";
import type { Engine } from "./engine.ts";
import type { AgentLimits } from "../model/agentLimits.ts";
import { AgentSlots } from "./agentSlots.ts";
import { answerRun, cancelRun } from "./control/otherProcess.ts";
import { resumeRun } from "./history/resumeRun.ts";
import { RunOwners } from "./history/runOwners.ts";
import type { FixOptions } from "./fixes/runFixes.ts";
import { LocalEngine, type Attach, type LocalEngineOptions } from "./local/localEngine.ts";
import { learnError } from "./learnError.ts";
import { PipelineEngine } from "./pipeline/pipelineEngine.ts";
import { mostAtOnce } from "./pipeline/stepOrder.ts";
import { usualSurroundings, type FindSurroundings } from "./runSurroundings.ts";
import { RecordedRun, type Run, type Slots, type StartRequest } from "./run.ts";

export type { Attach, Run, StartRequest };

export interface RunServiceOptions extends LocalEngineOptions {
  /** Where agents run; by default on this machine. It is closed with the service. */
  engine?: Engine | undefined;
  /** By default the files that stand in the folder under their usual names. */
  surroundings?: FindSurroundings | undefined;
  /** How many runs may be at work; without it, any number. */
  slots?: Slots | undefined;
  /**
   * How many runs of one agent may be at work, by "FILE#Class", class name, or either with `*` for any characters; the
   * most exact counts. Steps of pipelines count, pipelines do not.
   */
  agentLimits?: AgentLimits | AgentSlots | undefined;
  /** Known solutions for runs that fail; without it, there are none. */
  fixes?: FixOptions | undefined;
  /** Told of each step that a pipeline starts, before its first event. */
  onStep?: ((run: Run, request: StartRequest) => void) | undefined;
}

/** Starts, cancels and records runs. */
export class RunService {
  readonly #engine: Engine;
  readonly #surroundings: FindSurroundings;
  readonly #slots: Slots | undefined;
  readonly #agentSlots: AgentSlots;
  readonly #fixes: FixOptions | undefined;
  readonly #onStep: (run: Run, request: StartRequest) => void;
  readonly #companies = new WeakMap<Slots, Company>();
  readonly #closing = new AbortController();
  #disposed: Promise<void> | null = null;
  readonly #owners = new RunOwners((request) => this.#control(request));
  readonly #runs = new Map<string, RecordedRun>();

  /** Throws a UserError for a limit of an agent that is none. */
  constructor({
    surroundings = usualSurroundings,
    engine,
    slots,
    agentLimits = {},
    fixes,
    onStep,
    ...options
  }: RunServiceOptions) {
    this.#agentSlots = agentLimits instanceof AgentSlots ? agentLimits : new AgentSlots(agentLimits);
    this.#fixes = fixes;
    this.#onStep = onStep ?? (() => undefined);
    this.#slots = slots;
    this.#surroundings = surroundings;
    this.#engine = engine ?? new LocalEngine(options);
  }

  /**
   * Runs an agent, or the pipeline of a file. Never throws: a run that cannot start finishes as failed, with one clear
   * sentence. Retries and time limit of a pipeline are those of its steps that tell none.
   */
  start(request: StartRequest): Run {
    const run = isPipelineFile(request.file) ? this.#pipeline(request) : this.#agent(request);
    this.#runs.set(run.id, run);
    void run.finished.then(() => this.#runs.delete(run.id));
    return run;
  }

  /**
   * Resumes a run of this or another process that failed, was cancelled or interrupted: a new run goes on from its last
   * checkpoint, or begins anew where it saved none. Rejects with a UserError where that cannot be; no run is resumed twice.
   */
  resume(root: string, runId: string, listener: (event: RunEvent) => void = () => undefined): Promise<Run> {
    return resumeRun(root, runId, (request) => this.start(request), listener);
  }

  /** Answers the open question of a run of this or another process. Rejects with a UserError where it asks nothing, or the answer does not fit. */
  async answer(root: string, runId: string, answer: Given, askedAt?: string): Promise<void> {
    const own = this.#runs.get(runId);
    await (own === undefined ? answerRun(root, runId, answer, askedAt) : own.answer(answer, askedAt));
  }

  /** Cancels a run of this or another process; resolves once it has ended. Rejects with a UserError where it cannot be reached. */
  async cancel(root: string, runId: string): Promise<void> {
    const own = this.#runs.get(runId);
    await (own === undefined ? cancelRun(root, runId) : own.cancel());
  }

  /** What a checkpoint of a run would keep now. Rejects with a UserError where its agent cannot be asked. */
  async liveState(runId: string): Promise<LiveState> {
    const run = this.#runs.get(runId);
    if (run === undefined)
      throw new UserError(`Run ${runId} is not at work in this process, so its state cannot be asked for.`);
    const state = await run.liveState();
    if (state !== null) return state;
    throw new UserError(
      `The agent of run ${runId} did not tell its state: it is busy in code that does not let go of its thread.`,
    );
  }

  /** Ends every run (as interrupted) and every process. */
  dispose(): Promise<void> {
    return (this.#disposed ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    this.#closing.abort();
    const runs = [...this.#runs.values()];
    const finished = runs.map((run) => run.finished);
    for (const run of runs) run.interrupt();
    await this.#engine.dispose();
    await Promise.all(finished);
    await this.#owners.release();
  }

  #agent(request: StartRequest): RecordedRun {
    const company = this.#companyOf(request);
    // What the queue has begun by itself waits for nothing here, and is not begun again.
    const shares = request.queuedAs === undefined ? this.#shares(request) : {};
    return new RecordedRun(request, this.#engine, this.#owners, learnError, company, shares);
  }

  #shares(request: StartRequest) {
    return { slots: this.#slots, ofAgent: this.#agentSlots.of(request), fixes: this.#fixes };
  }

  /** It takes no slot, because its steps do, with its priority; and what is to be learned of its errors is theirs. */
  #pipeline(request: StartRequest): RecordedRun {
    const { resumes, priority } = request;
    const start = (asked: StartRequest) => {
      const step = { ...asked, priority };
      const run = this.start(step);
      this.#onStep(run, step);
      return run;
    };
    const engine = new PipelineEngine({
      ...{ start, resumes, closing: this.#closing.signal, queue: this.#engine.pipelines },
      isKept: (root, pipeline) => this.#isKept(root, pipeline),
    });
    const { task = null } = request;
    const company = this.#companyOf(request);
    return new RecordedRun({ ...request, task }, engine, this.#owners, () => undefined, company);
  }

  /** Known solutions are tried by this process, and its limits are kept by it. */
  #isKept(root: string, { steps }: Pipeline): boolean {
    const isLimited = stepsOf(steps).some(({ agent }) => {
      const { file, name } = parseAgentRef(agent);
      return this.#agentSlots.of({ root, file: resolve(root, file), name }) !== undefined;
    });
    const most = this.#slots?.concurrency ?? Infinity;
    return isLimited || mostAtOnce(steps) > most || this.#fixes?.isOn() === true;
  }

  /** Those that take turns. */
  #companyOf({ turns }: StartRequest): Company {
    const known = turns && this.#companies.get(turns);
    if (known !== undefined) return known;
    const company = new Company(this.#surroundings, turns?.concurrency ?? 1);
    if (turns !== undefined) this.#companies.set(turns, company);
    return company;
  }

  async #control(request: ControlRequest): Promise<void> {
    const run = this.#runs.get(request.runId);
    if (run === undefined) throw new UserError(`Run ${request.runId} has ended already.`);
    if (request.type === "cancel") return run.cancel();
    await run.answer(request.answer, request.askedAt);
  }
}
