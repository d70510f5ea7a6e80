import { join } from "node:path";
import pLimit from "p-limit";
import { v7 as uuid } from "uuid";
import type { HostEvent, LiveState, Outcome, RunRequest } from "../model/hostProtocol.ts";
import type { Given } from "../model/runControl.ts";
import type { Answer, Finished, RunError, RunEvent } from "../model/runRecord.ts";
import type { OpenQuestion } from "../model/runSummary.ts";
import { ToolCounts } from "../model/toolCalls.ts";
import { addUsage, NO_USAGE, type Usage } from "../model/usage.ts";
import { UserError } from "../model/userError.ts";
import { answerOf, askedNothing, openAfter, refuseUnfit } from "./control/openQuestion.ts";
import { asRunError } from "./asRunError.ts";
import type { Company } from "./company.ts";
import type { Engine, EngineWorker } from "./engine.ts";
import { RunFixes, type FixOptions } from "./fixes/runFixes.ts";
import type { RunOwners } from "./history/runOwners.ts";
import { LimitedLog } from "./limitedLog.ts";
import { RunRecorder } from "./recorder.ts";
import { interrupted, notBegun } from "./notBegun.ts";
import { RunTurn } from "./runTurn.ts";
import { askedFor, refuseWrongTurn, runRequest, type Slots, type StartRequest } from "./startRequest.ts";

export type { Slots, StartRequest };

export interface Run {
  readonly id: string;
  /** Never rejects: what went wrong is in the event. A wrong request is an error named "UserError". */
  readonly finished: Promise<Finished>;
  /** Resolves once the run has ended. */
  cancel(): Promise<void>;
  /** What the agent waits to be told. */
  readonly question: OpenQuestion | null;
  /**
   * Answers the open question. Rejects with a UserError where there is none, or the answer does not fit.
   * @param askedAt of the question that is meant; default: the one that is open now
   */
  answer(given: Given, askedAt?: string): Promise<void>;
  /** Hears every event of the run, `finished` last; stops hearing when the answer is called. Listen right after start. */
  onEvent(listener: (event: RunEvent) => void): () => void;
}

/** Counts an error of a run and answers with its signature. */
export type Learn = (
  error: RunError,
  run: { root: string; agent: string; runId: string; attempt: number },
) => string | undefined;

/** So many records are begun at a time: each is an open file meanwhile. */
const beginning = pLimit(16);

const closedBeforeItsTurn = interrupted("closed before its turn");

interface Shares {
  slots?: Slots | undefined;
  /** Those of its agent, where this has a limit. */
  ofAgent?: Slots | undefined;
  fixes?: FixOptions | undefined;
}

/** One run from queued to finished. */
export class RecordedRun implements Run {
  readonly id: string;
  readonly finished: Promise<Finished>;
  readonly #request: RunRequest;
  readonly #asked: StartRequest;
  readonly #engine: Engine;
  readonly #owners: RunOwners;
  readonly #learn: Learn;
  readonly #company: Company;
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #recorder: RunRecorder | null = null;
  #worker: EngineWorker | null = null;
  #cancelled = false;
  /** Aborts when the run is ended from outside. */
  readonly #stop = new AbortController();
  readonly #fixes: RunFixes | null;
  /** Of the executions before the one that is under way. */
  #earlierAttempts = 0;
  readonly #turn: RunTurn;
  /** Whether its record is on the disk itself, and not only with the system. */
  #isOnDisk = false;
  #attempt = 1;
  #checkpointId: string | null = null;
  #usage: Usage | null = null;
  readonly #tools = new ToolCounts();
  #question: OpenQuestion | null = null;
  readonly #warnings: string[] = [];
  readonly #fixWarnings: string[] = [];
  readonly #log: LimitedLog;

  constructor(
    request: StartRequest,
    engine: Engine,
    owners: RunOwners,
    learn: Learn,
    company: Company,
    { slots, ofAgent, fixes }: Shares = {},
  ) {
    this.id = request.id ?? uuid();
    this.#request = runRequest(this.id, request);
    this.#log = new LimitedLog(this.#request.logMb);
    this.#asked = request;
    this.#engine = engine;
    this.#owners = owners;
    this.#learn = learn;
    this.#company = company;
    this.#turn = new RunTurn({ company, asked: request, slots, ofAgent, stop: this.#stop.signal });
    this.#fixes =
      fixes === undefined
        ? null
        : new RunFixes({
            ...{ root: request.root, options: fixes, chosen: request.fix, signal: this.#stop.signal },
            ...{ slots: request.turns ?? slots, ofBatch: request.turns !== undefined },
            tell: (event) => this.#tell(event),
            warn: (sentence) => void this.#fixWarnings.push(sentence),
          });
    this.finished = this.#go();
  }

  onEvent(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#stop.abort();
    this.#turn.leave(notBegun);
    await this.#worker?.cancel(this.id);
    await this.finished;
  }

  /** Ends it as interrupted where it waits for its turn. */
  interrupt(): void {
    this.#stop.abort();
    this.#turn.leave(closedBeforeItsTurn);
  }

  get question(): OpenQuestion | null {
    return this.#question;
  }

  async answer(given: Given, askedAt = this.#question?.askedAt): Promise<void> {
    const open = this.#question;
    if (open?.askedAt !== askedAt)
      throw new UserError(`The question of run ${this.id} was answered already.`);
    if (open === null) throw askedNothing(this.id);
    const answer = answerOf(open.question, given);
    refuseUnfit(open.question, answer);
    this.#question = null;
    if ((await this.#answered(answer, open)) !== true)
      throw new UserError(`Run ${this.id} does not wait for the answer any more.`);
  }

  /** Where it could not be told the answer, the question stays open. */
  async #answered(answer: Answer, open: OpenQuestion): Promise<boolean | undefined> {
    try {
      return await this.#worker?.answer(this.id, answer);
    } catch (error) {
      this.#question ??= open;
      throw error;
    }
  }

  /** What a checkpoint of it would keep now; null where its agent is not at work, or too busy to be asked. */
  async liveState(): Promise<LiveState | null> {
    return (await this.#worker?.liveState(this.id)) ?? null;
  }

  async #go(): Promise<Finished> {
    const startedAt = performance.now();
    const outcome = await this.#outcome().catch((error: unknown) =>
      this.#told({
        ...{ ...notBegun, status: "failed" },
        error: asRunError(error),
        durationMs: Math.round(performance.now() - startedAt),
      }),
    );
    for (const rest of this.#log.rest()) this.#tell(rest);
    if (this.#warnings.length === 0 && (await this.#recorder?.isThere()) === false)
      this.#warnings.push("The record of this run was removed while the agent was at work.");
    const finished = this.#stamp({ type: "finished", ...this.#complete(outcome) }) as Finished;
    await this.#record(finished);
    await this.#recorder?.close().catch(() => undefined);
    this.#emit(finished);
    this.#listeners.clear();
    return finished;
  }

  /** The turn is taken at once, so that runs go in the order in which they were started. */
  async #outcome(): Promise<Outcome> {
    refuseWrongTurn(this.#asked);
    const recorded = beginning(() => this.#prepare());
    const prepared = this.#fixes === null ? recorded : this.#fixed(this.#fixes, recorded);
    const turn = this.#inTurn(prepared, this.#asked.delayMs);
    const [outcome, request] = await Promise.all([turn, prepared]);
    return this.#untilFixed(request, outcome);
  }

  async #fixed(fixes: RunFixes, recorded: Promise<RunRequest>): Promise<RunRequest> {
    return fixes.begin(await recorded);
  }

  /** Runs again with known solutions, as long as there are some. Each time it takes its turn anew. */
  async #untilFixed(request: RunRequest, first: Outcome): Promise<Outcome> {
    let outcome = this.#told(first);
    let next: RunRequest | null = request;
    for (;;) {
      next = (await this.#fixes?.next(next, outcome, this.#earlierAttempts + outcome.attempts)) ?? null;
      const isStopped =
        this.#stop.signal.aborted && outcome.status === "failed" && this.#fixes?.isOn === true;
      if (isStopped) return this.#cancelled ? notBegun : closedBeforeItsTurn;
      if (next === null) return outcome;
      this.#earlierAttempts += outcome.attempts;
      this.#attempt = 1;
      this.#isOnDisk = false;
      outcome = this.#told(await this.#inTurn(Promise.resolve(next)));
    }
  }

  /** Answers once the record of the run exists. */
  async #prepare(): Promise<RunRequest> {
    const { root } = this.#request;
    const owner = await this.#begin(root);
    // Before anything is written: from here on its secrets are known.
    const { env, ...around } = await this.#company.surroundings(root);
    const queued = this.#stamp({ type: "queued", ...askedFor(this.#request, this.#asked, owner) });
    await this.#recorder?.append(queued);
    this.#emit(queued);
    if (this.#turn.isWaitedFor) await this.#recorder?.rest();
    return { ...this.#request, ...around, ...(Object.keys(env).length > 0 && { env }) };
  }

  #inTurn(prepared: Promise<RunRequest>, delayMs?: number): Promise<Outcome> {
    const getReady = () => this.#getReady(prepared);
    const begin = async () => this.#execute(await prepared);
    return this.#turn.take({ prepared, getReady, begin }, delayMs);
  }

  /** So that its turn need not wait for the disk. What cannot be done now is done, or told, then. */
  async #getReady(prepared: Promise<RunRequest>): Promise<void> {
    try {
      await this.#engine.worker((await prepared).root);
      if (this.#turn.isNext) await this.#keep();
    } catch {
      this.#isOnDisk = false;
    }
  }

  async #execute(request: RunRequest): Promise<Outcome> {
    const worker = await this.#engine.worker(request.root);
    if (!this.#isOnDisk) await this.#keep();
    if (worker.tellsStart !== true)
      this.#tell({ type: "started", ...(await this.#company.startOf(worker, request)) });
    if (this.#cancelled) return notBegun;
    this.#worker = worker;
    const outcome = await worker.run(request, (event) => this.#hear(event));
    this.#company.took(outcome.durationMs);
    return outcome;
  }

  /** Before the agent's code: that it was queued is enough, since what is not known to have ended was interrupted. */
  async #keep(): Promise<void> {
    await this.#recorder?.flush();
    this.#isOnDisk = true;
  }

  /** Answers with the owner of the record. */
  async #begin(root: string): Promise<string> {
    try {
      const folder = await this.#company.runsFolder(root);
      const owner = await this.#owners.of(root);
      this.#recorder = await RunRecorder.create(folder, this.id);
      return owner;
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `The run cannot be recorded in ${join(root, ".proj-intel")}, so it was not started: ${asRunError(error).message}`,
      );
    }
  }

  /** What the host could not know of an execution, because its thread or itself was gone. */
  #told(outcome: Outcome): Outcome {
    const cancelled = this.#cancelled && outcome.status === "interrupted";
    const attempts = outcome.attempts === 0 ? 0 : Math.max(outcome.attempts, this.#attempt);
    const error = outcome.error;
    const unknown =
      error && error.signature === undefined && error.name !== "UserError" && outcome.status !== "cancelled";
    if (!unknown || cancelled) return { ...outcome, attempts };
    const { root, name } = this.#request;
    const signature = this.#learn(error, { root, agent: name, runId: this.id, attempt: this.#attempt });
    return { ...outcome, attempts, ...(signature !== undefined && { error: { ...error, signature } }) };
  }

  #complete(outcome: Outcome): Outcome {
    const cancelled = this.#cancelled && outcome.status === "interrupted";
    return {
      ...outcome,
      status: cancelled ? "cancelled" : outcome.status,
      ...(cancelled && this.#worker !== null && { stopped: "process" as const }),
      attempts: this.#earlierAttempts + outcome.attempts,
      checkpointId: outcome.checkpointId ?? this.#checkpointId,
      warnings: [...outcome.warnings, ...this.#fixWarnings, ...this.#warnings],
      ...(this.#usage !== null && { usage: this.#usage }),
      ...(this.#tools.list.length > 0 && { tools: this.#tools.list }),
    };
  }

  #hear(event: HostEvent): void {
    this.#fixes?.hear(event);
    if (event.type === "retry") this.#attempt = event.attempt + 1;
    if (event.type === "checkpoint") this.#checkpointId ??= event.id;
    if (event.type === "tool") this.#tools.add(event);
    if (event.type === "usage") this.#usage = addUsage(this.#usage ?? NO_USAGE, event);
    for (const kept of event.type === "log" ? this.#log.kept(event) : [event]) this.#tell(kept);
  }

  #tell(event: HostEvent): void {
    const stamped = this.#stamp(event);
    void this.#record(stamped);
    this.#emit(stamped);
  }

  /** A full disk must not end the run: it is told once. */
  async #record(event: RunEvent): Promise<void> {
    try {
      await this.#recorder?.append(event);
    } catch (error) {
      if (this.#warnings.length > 0) return;
      this.#warnings.push(`The record of this run is incomplete: ${asRunError(error).message}`);
    }
  }

  #stamp(event: HostEvent): RunEvent {
    const { type, ...rest } = event;
    return { type, runId: this.id, time: new Date().toISOString(), ...rest } as RunEvent;
  }

  #emit(event: RunEvent): void {
    this.#question = openAfter(this.#question, event);
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // The run goes on; the fault of the listener surfaces as its own.
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}
