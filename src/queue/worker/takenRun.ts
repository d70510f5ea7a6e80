import { resolve } from "node:path";
import type { HostEvent, Outcome, RunRequest } from "../../model/hostProtocol.ts";
import { RemoteRun, remoteControl, type RemoteControl } from "../../model/remoteRun.ts";
import { UserError } from "../../model/userError.ts";
import { asRunError } from "../../runs/asRunError.ts";
import type { Engine, EngineWorker } from "../../runs/engine.ts";
import { notBegun } from "../../runs/notBegun.ts";
import type { FindSurroundings } from "../../runs/runSurroundings.ts";
import { isOfFolder, type Courier } from "../courier.ts";
import type { TakenJob } from "../jobs.ts";
import { endJob, endOfJob } from "../logEnd.ts";
import type { LogFollower } from "../logFollower.ts";
import type { MemoryExchange } from "../memory/memoryExchange.ts";
import type { PipelineSteps } from "../pipeline/pipelineSteps.ts";
import { isAway } from "../reach.ts";
import type { Refusals } from "../refusals.ts";
import { controlOf, logOf } from "../runLog.ts";
import type { SharedFiles } from "../sharedFiles.ts";
import { UNCLAIMED, type SharedLogs } from "../sharedLogs.ts";
import { wholeLog } from "../wholeLog.ts";
import type { AgentLeases } from "./agentLeases.ts";
import { earlierOf, NOTHING_EARLIER, type Earlier } from "./earlier.ts";
import { EventWriter } from "./eventWriter.ts";
import type { KnownAgents } from "./knownAgents.ts";
import { toldText } from "./toldText.ts";

/** Where runs are taken. */
export interface RunPlace {
  root: string;
  /** See `folderPlace`. */
  folder: Promise<string | null>;
  /** The id of the worker. */
  worker: string;
  engine: Engine;
  agents: KnownAgents;
  surroundings: FindSurroundings;
  logs: SharedLogs;
  files: SharedFiles;
  courier: Courier;
  memory: MemoryExchange;
  refusals: Refusals;
  leases: AgentLeases;
  controls: LogFollower;
  steps: PipelineSteps;
}

/** A run that is begun so often without ever ending ends its workers, or their agent hosts. */
const MOST_TAKEN = 10;
/** Where this worker does not take a run, it looks away for so long. */
const REFUSED_MS = 500;
/** Where so many runs of its agent are at work that it has to wait. */
const FULL_MS = 200;
const LIVE_LASTS_MS = 30_000;

/** One job at the worker that has it. */
export class TakenRun {
  readonly #place: RunPlace;
  readonly #job: TakenJob;
  readonly #log: string;
  /** What did not reach other machines. */
  readonly #warnings = new Set<string>();
  #sent: Promise<void> = Promise.resolve();
  #worker: EngineWorker | null = null;
  #cancelled = false;
  #runId = "";

  constructor(place: RunPlace, job: TakenJob) {
    this.#place = place;
    this.#job = job;
    this.#log = logOf(job.id);
  }

  /**
   * Answers with how it ended; null where it did not end here. Rejects where that cannot be told, so that the job is given
   * to a worker again.
   */
  async execute(): Promise<Outcome | null> {
    const parsed = RemoteRun.safeParse(this.#job.data);
    if (!parsed.success)
      return this.#fail("The job is of another version of opsvi-agents than its worker: use one version.");
    const run = parsed.data;
    this.#runId = run.runId;
    const outcome = await this.#taken(run);
    if (run.step === undefined) return outcome;
    const end = outcome ?? (await endOfJob(this.#place.logs, this.#job.id));
    if (end !== null) await this.#place.steps.ended(run.step, end, !this.#job.isFirst);
    return outcome;
  }

  async #taken(run: RemoteRun): Promise<Outcome | null> {
    const refusal = await this.#place.agents.refusal(run);
    if (refusal !== null) return this.#refuse(refusal);
    const lease = await this.#place.leases.take(run.agent);
    if (lease === null) return this.#postpone(FULL_MS);
    try {
      return await this.#claimed(run);
    } finally {
      if (lease !== "unlimited") await lease.end();
    }
  }

  /** Where nobody had it before, it is claimed by telling that it is begun. */
  async #claimed(run: RemoteRun): Promise<Outcome | null> {
    const { logs, engine, root } = this.#place;
    // What is wrong with it is told as the run's end.
    const worker = await engine.worker(root).catch((error: unknown) => ({ error }));
    const { isFirst } = this.#job;
    const claim = isFirst ? UNCLAIMED : await logs.claim(this.#log);
    const earlier = isFirst ? NOTHING_EARLIER : await earlierOf(logs, this.#log);
    if (earlier.ended) return null;
    const writer = new EventWriter(logs, this.#log, claim, run.logMb, () => void this.#stop());
    return this.#controlled(isFirst, async () => {
      const outcome = await this.#outcome(run, earlier, writer, worker);
      const told = await this.#leaveBehind(outcome);
      if (outcome.status === "interrupted" && !this.#isCancelled()) await this.#giveBack(outcome, writer);
      await writer.end(told, this.#place.memory.newest);
      return writer.isLost ? null : outcome;
    });
  }

  /** The agent host is gone, for whatever reason: it goes on from its last checkpoint, with this worker or another one. Rejects. */
  async #giveBack({ error }: Outcome, writer: EventWriter): Promise<never> {
    const reason = error?.message ?? "interrupted";
    writer.tell({ type: "log", stream: "stderr", text: `${reason}: the run is given to a worker again\n` });
    // How often it was begun is counted by what is told.
    await writer.flush();
    throw new Error(reason);
  }

  async #started({ code }: RemoteRun, { pid, node }: EngineWorker): Promise<HostEvent & { type: "started" }> {
    const { worker } = this.#place;
    const place = await this.#place.folder;
    return {
      ...{ type: "started", pid, node, worker },
      ...(place !== null && { place }),
      ...(code !== undefined && { code }),
    };
  }

  async #outcome(
    run: RemoteRun,
    earlier: Earlier,
    writer: EventWriter,
    worker: EngineWorker | { error: unknown },
  ): Promise<Outcome> {
    if (this.#isCancelled()) return notBegun;
    if ("error" in worker) return { ...notBegun, status: "failed", error: asRunError(worker.error) };
    if (earlier.taken >= MOST_TAKEN)
      return failed(
        `It was begun ${MOST_TAKEN} times, and each time its worker, or the process of the agents there, was gone before it ended: see what its agent does to the machine.`,
      );
    try {
      const request = await this.#request(run, earlier);
      this.#warn(await this.#place.memory.exchange());
      const { checkpoint } = request;
      const isAgain = earlier !== NOTHING_EARLIER;
      const started = await this.#started(run, worker);
      writer.tell({ ...started, ...(isAgain && checkpoint !== null && { checkpoint }) });
      await writer.flush();
      if (writer.isLost || this.#isCancelled()) return notBegun;
      this.#worker = worker;
      return await worker.run(request, (event) => this.#hear(event, writer));
    } catch (error) {
      // The job is given to a worker again.
      if (isAway(error)) throw error;
      return { ...notBegun, status: "failed", error: asRunError(error) };
    }
  }

  /** Where an earlier worker was gone, from the last checkpoint that it told of. */
  async #request(run: RemoteRun, { checkpoints }: Earlier): Promise<RunRequest> {
    const { root, surroundings } = this.#place;
    const { runId, agent, task, args, retries, timeoutMs, memoryMb, logMb, resultMb } = run;
    const { checkpoint, tool, shared, switchedTools, together } = run;
    const { env, ...around } = await surroundings(root);
    return {
      ...{ runId, root, file: resolve(root, agent.file_path), name: agent.name, task, args, retries },
      ...{ timeoutMs, memoryMb, logMb, resultMb },
      ...(tool !== undefined && { tool }),
      ...(shared !== undefined && { shared }),
      ...(switchedTools !== undefined && { switchedTools }),
      ...(together !== undefined && { together }),
      checkpoint: await this.#firstThere([...checkpoints, ...(checkpoint === null ? [] : [checkpoint])]),
      ...around,
      ...(Object.keys(env).length > 0 && { env }),
    };
  }

  async #firstThere(checkpoints: readonly string[]): Promise<string | null> {
    let last: unknown = null;
    for (const id of checkpoints) {
      try {
        await this.#place.courier.fetch(this.#place.root, id);
        return id;
      } catch (error) {
        if (!(error instanceof UserError) || isAway(error) || isOfFolder(error)) throw error;
        last = error;
      }
    }
    // What was to go on from somewhere does not begin anew by itself.
    if (last !== null) throw last as UserError;
    return null;
  }

  /** A checkpoint is told once it is where other machines find it. */
  #hear(event: HostEvent, writer: EventWriter): void {
    const { courier, root } = this.#place;
    const sent = event.type === "checkpoint" ? courier.send(root, event.id) : undefined;
    writer.tell(event, sent);
    if (sent === undefined) return;
    const told = sent.catch((error: unknown) => this.#warn([asRunError(error).message]));
    this.#sent = Promise.all([this.#sent, told]).then(() => undefined);
  }

  /** Once all that other machines are to have of the run is there. */
  async #leaveBehind(outcome: Outcome): Promise<Outcome> {
    if (this.#worker !== null) this.#warn(await this.#place.memory.send());
    await this.#sent;
    return { ...outcome, warnings: [...outcome.warnings, ...this.#warnings] };
  }

  #warn(sentences: readonly string[]): void {
    for (const sentence of sentences) this.#warnings.add(sentence);
  }

  /** A cancel that came before is heard before the run begins, where it was begun before; else right after. */
  async #controlled<T>(isFirst: boolean, execute: () => Promise<T>): Promise<T> {
    const { controls, logs } = this.#place;
    const log = controlOf(this.#job.id);
    const earlier = isFirst ? [] : await wholeLog(logs, log);
    this.#cancelled = earlier.some((text) => remoteControl(text)?.type === "cancel");
    let known = earlier.length;
    await controls.follow(log, (lines) => {
      const fresh = lines.slice(known);
      known = Math.max(0, known - lines.length);
      for (const line of fresh) this.#control(remoteControl(line));
    });
    try {
      return await execute();
    } finally {
      controls.leave(log);
    }
  }

  #control(control: RemoteControl | null): void {
    switch (control?.type) {
      case "cancel":
        void this.#stop();
        break;
      case "answer":
        void this.#worker?.answer(this.#runId, control.answer);
        break;
      case "liveState":
        void this.#tellState(control.asked).catch(() => undefined);
        break;
    }
  }

  async #stop(): Promise<void> {
    this.#cancelled = true;
    await this.#worker?.cancel(this.#runId);
  }

  #isCancelled(): boolean {
    return this.#cancelled;
  }

  async #tellState(asked: string): Promise<void> {
    const state = (await this.#worker?.liveState(this.#runId)) ?? null;
    const bytes = Buffer.from(toldText(state));
    await this.#place.files.put(`live/${asked}`, bytes, { lastsMs: LIVE_LASTS_MS });
  }

  async #refuse(reason: string): Promise<Outcome | null> {
    const reasons = await this.#place.refusals.add(this.#job.id, this.#place.worker, reason);
    if (reasons !== null) return this.#fail(`No worker of the queue takes the run. ${sentences(reasons)}`);
    return this.#postpone(REFUSED_MS);
  }

  async #postpone(restMs: number): Promise<null> {
    await this.#job.postpone(restMs);
    return null;
  }

  async #fail(sentence: string): Promise<Outcome | null> {
    const outcome = failed(sentence);
    return (await endJob(this.#place.logs, this.#job.id, outcome)) ? outcome : null;
  }
}

const sentences = (reasons: readonly string[]): string =>
  reasons.map((reason) => `Worker ${reason}.`).join(" ");

function failed(message: string): Outcome {
  return { ...notBegun, status: "failed", error: { name: "UserError", message } };
}
