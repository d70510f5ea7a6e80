import { setTimeout as sleep } from "node:timers/promises";
import { LimitedAgents } from "../../model/limitedAgents.ts";
import type { Outcome } from "../../model/hostProtocol.ts";
import { PipelineJob } from "../../model/remotePipeline.ts";
import type { WorkerTold } from "../../model/workerTold.ts";
import type { Engine } from "../../runs/engine.ts";
import { folderPlace } from "../../runs/folderPlace.ts";
import type { FindSurroundings } from "../../runs/runSurroundings.ts";
import { Courier } from "../courier.ts";
import { Faults } from "../faults.ts";
import type { JobWorker, TakenJob } from "../jobs.ts";
import type { Queue } from "../queue.ts";
import { MemoryExchange } from "../memory/memoryExchange.ts";
import { patiently } from "../patiently.ts";
import { PipelineSteps } from "../pipeline/pipelineSteps.ts";
import { Refusals } from "../refusals.ts";
import { CONTROL } from "../runLog.ts";
import { LogFollower } from "../logFollower.ts";
import { Workers } from "../workers.ts";
import { AgentLeases } from "./agentLeases.ts";
import type { KnownAgents } from "./knownAgents.ts";
import { TakenRun, type RunPlace } from "./takenRun.ts";

export interface QueueWorkerOptions {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Tells it apart from all others. */
  id: string;
  /** Of its machine. */
  host: string;
  /** Of opsvi-agents. */
  version: string;
  concurrency: number;
  agents: KnownAgents;
  /** How many runs of an agent are at work at a time on all workers that were given the same; default: any number. */
  limited?: LimitedAgents | undefined;
  surroundings: FindSurroundings;
  /** Told what happens, a sentence each. */
  onNote: (sentence: string) => void;
  /** How often it tells of itself, and looks whether it is forgotten. Default: 5 s. */
  beatMs?: number | undefined;
}

const BEAT_MS = 5_000;
/** After so many beats without a run, while runs wait, something between it and the queue is broken. */
const FORGOTTEN_BEATS = 3;

/** Takes runs from a queue and executes them with the agents of this machine. */
export class QueueWorker {
  readonly #queue: Queue;
  readonly #engine: Engine;
  readonly #options: QueueWorkerOptions;
  readonly #workers: Workers;
  readonly #controls: LogFollower;
  readonly #place: RunPlace;
  readonly #leases: AgentLeases;
  /** By job. */
  readonly #atWork = new Map<string, Promise<Outcome | null>>();
  readonly #faults: Faults;
  readonly #startedAt = new Date().toISOString();
  readonly #leaving = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  #jobWorker: JobWorker | null = null;
  #busy = 0;
  #ended = 0;
  #restarts = 0;
  #draining = false;
  #forgotten = 0;

  constructor(queue: Queue, engine: Engine, options: QueueWorkerOptions) {
    const { logs, files } = queue.shared;
    this.#queue = queue;
    this.#engine = engine;
    this.#options = options;
    this.#faults = new Faults((message) => options.onNote(message));
    this.#workers = new Workers(files);
    this.#controls = new LogFollower(logs, CONTROL, (error) => this.#fault(error));
    this.#leases = new AgentLeases(files, options.limited ?? new LimitedAgents({}), options.id);
    this.#place = {
      ...{ root: options.root, worker: options.id, engine, logs, files, agents: options.agents },
      folder: folderPlace(options.root),
      ...{ surroundings: options.surroundings, controls: this.#controls },
      ...{ courier: new Courier(files), memory: new MemoryExchange(files, options.root) },
      ...{ refusals: new Refusals(files, this.#workers) },
      ...{ leases: this.#leases, steps: new PipelineSteps(queue) },
    };
  }

  /** Begins to take runs. Rejects with a UserError where the queue cannot be reached. */
  async start(): Promise<void> {
    await this.#workers.tell(this.#told());
    this.#take();
    this.#beating = this.#beat();
  }

  /** Takes no further run; resolves once those at work have ended. A server that is away holds it up for some seconds. */
  async drain(): Promise<void> {
    this.#draining = true;
    const told = this.#workers.tell(this.#told()).catch((error: unknown) => this.#fault(error));
    await this.#jobWorker?.drain();
    await patiently(told);
    await this.#leave();
  }

  async #leave(): Promise<void> {
    this.#leaving.abort();
    // A beat would tell of it again.
    const left = this.#beating.then(() => this.#workers.leave(this.#options.id));
    await Promise.all([patiently(left), this.#engine.dispose(), patiently(this.#controls.close())]);
    await this.#queue.close();
  }

  #take(): void {
    const { concurrency, id } = this.#options;
    const onError = (error: Error) => this.#fault(error);
    this.#jobWorker = this.#queue.jobs.work({ concurrency, name: id, onError }, (job) => this.#process(job));
  }

  async #process(job: TakenJob): Promise<void> {
    this.#busy += 1;
    this.#forgotten = 0;
    const executed = this.#execute(job);
    this.#atWork.set(job.id, executed);
    try {
      if ((await executed) !== null) this.#ended += 1;
    } finally {
      this.#busy -= 1;
      if (this.#atWork.get(job.id) === executed) this.#atWork.delete(job.id);
    }
  }

  /** The server may have been away for so long that it gives a run out again which is at work here: that one may still end. */
  async #execute(job: TakenJob): Promise<Outcome | null> {
    await this.#atWork.get(job.id)?.catch(() => undefined);
    if (!PipelineJob.safeParse(job.data).success) return new TakenRun(this.#place, job).execute();
    await this.#place.steps.take(job);
    return null;
  }

  async #beat(): Promise<void> {
    const { beatMs = BEAT_MS } = this.#options;
    const { signal } = this.#leaving;
    for (;;) {
      await sleep(beatMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#workers.tell(this.#told());
        await this.#leases.renew();
        await this.#lookForWork();
        this.#faults.wellAgain();
      } catch (error) {
        this.#fault(error);
      }
    }
  }

  /** A connection that is dead without anyone noticing gives no runs. */
  async #lookForWork(): Promise<void> {
    if (this.#busy > 0 || this.#isDraining()) return void (this.#forgotten = 0);
    const { waiting } = await this.#queue.jobs.counts();
    if (this.#isDraining()) return;
    this.#forgotten = waiting > 0 && this.#isIdle() ? this.#forgotten + 1 : 0;
    if (this.#forgotten < FORGOTTEN_BEATS) return;
    this.#forgotten = 0;
    this.#restarts += 1;
    this.#options.onNote(`Runs wait (${waiting}), and this worker was given none: it begins anew.`);
    await this.#jobWorker?.leave();
    // Nobody would end another one.
    if (!this.#isDraining()) this.#take();
  }

  /** Also what came meanwhile. */
  #isDraining(): boolean {
    return this.#draining;
  }

  #isIdle(): boolean {
    return this.#busy === 0;
  }

  #fault(error: unknown): void {
    if (!this.#leaving.signal.aborted) this.#faults.add(error);
  }

  #told(): WorkerTold {
    const { id, host, version, concurrency, agents } = this.#options;
    return {
      ...{ id, host, pid: process.pid, node: process.versions.node, version },
      ...{ agents: agents.size, concurrency, busy: this.#busy, ended: this.#ended },
      ...{ draining: this.#draining, restarts: this.#restarts },
      ...{ startedAt: this.#startedAt, told: new Date().toISOString() },
    };
  }
}
