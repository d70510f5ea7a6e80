import type { HostEvent, Outcome, RunRequest } from "../../model/hostProtocol.ts";
import type { Pipeline, PipelineNode } from "../../model/pipeline.ts";
import type { Engine, EngineWorker, PipelineQueue } from "../engine.ts";
import { earlierSteps, type EarlierStep } from "./earlierSteps.ts";
import { cancelledEnd } from "./pipelineEnd.ts";
import { QueuedSteps } from "./queuedSteps.ts";
import { readPipeline } from "./readPipeline.ts";
import { StepBook } from "./stepBook.ts";
import { StepStarter, type StartStep } from "./stepStarter.ts";

interface Parts {
  start: StartStep;
  /** The run of the pipeline that this one resumes. */
  resumes: string | undefined;
  /** Aborts when everything ends: then the pipeline is interrupted, and can be resumed. */
  closing: AbortSignal;
  /** Where pipelines go on without this process, if anywhere. */
  queue: PipelineQueue | undefined;
  /** Whether a pipeline has to be run by this process all the same. */
  isKept: (root: string, pipeline: Pipeline) => boolean;
}

type Earlier = ReadonlyMap<string, EarlierStep>;

/**
 * Runs one pipeline once, in this process, or follows it in a queue: its run is recorded as those of agents are, and so is
 * each of its steps, which are told apart by `step` and belong together by `batch`, the id of the pipeline's run.
 */
export class PipelineEngine implements Engine, EngineWorker {
  readonly pid = process.pid;
  readonly node = process.versions.node;
  readonly #parts: Parts;
  #runId = "";
  #isInQueue = false;
  #pipeline: Promise<Pipeline> | null = null;
  readonly #book: StepBook;
  #emit: (event: HostEvent) => void = () => undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#book = new StepBook((event) => this.#emit(event));
  }

  worker(): Promise<EngineWorker> {
    return Promise.resolve(this);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  answer(): Promise<boolean> {
    return Promise.resolve(false);
  }

  liveState(): Promise<null> {
    return Promise.resolve(null);
  }

  async cancel(): Promise<void> {
    const noFurther = this.#isInQueue ? this.#parts.queue?.cancel(this.#runId) : undefined;
    await Promise.all([this.#book.cancel(), noFurther]);
  }

  async run(request: RunRequest, onEvent: (event: HostEvent) => void): Promise<Outcome> {
    const startedAt = performance.now();
    this.#runId = request.runId;
    this.#emit = onEvent;
    const { resumes } = this.#parts;
    const earlier: Earlier = resumes === undefined ? new Map() : await earlierSteps(request.root, resumes);
    const outcome = (await this.#inQueue(request, earlier)) ?? (await this.#here(request, earlier));
    return { ...outcome, durationMs: Math.round(performance.now() - startedAt) };
  }

  /** Null where it is to be run here. */
  async #inQueue(request: RunRequest, earlier: Earlier): Promise<Outcome | null> {
    const { queue, resumes, isKept, start } = this.#parts;
    if (queue === undefined) return null;
    const read = () => this.#read(request);
    if (resumes === undefined && isKept(request.root, await read())) return null;
    if (this.#book.isStopped) return cancelledEnd;
    this.#isInQueue = true;
    const outcome = await new QueuedSteps(queue, request, earlier, start, this.#book).run(read);
    this.#isInQueue = outcome !== null;
    if (outcome === null || outcome.status === "interrupted") return outcome;
    const known = this.#book.end(false);
    const end = known.status === "success" && outcome.status !== "success" ? outcome : known;
    return { ...end, warnings: outcome.warnings };
  }

  async #here(request: RunRequest, earlier: Earlier): Promise<Outcome> {
    const { steps, input } = await this.#read(request);
    // A record always has a task: null stands for none.
    this.#book.open(steps, request.task ?? input);
    await this.#all(steps, new StepStarter(request, earlier, this.#parts.start));
    return this.#book.end(this.#parts.closing.aborted);
  }

  #read({ root, file }: RunRequest): Promise<Pipeline> {
    return (this.#pipeline ??= readPipeline(root, file));
  }

  async #all(list: readonly PipelineNode[], starter: StepStarter): Promise<void> {
    for (const node of list) {
      if ("parallel" in node) await Promise.all(node.parallel.map((inner) => this.#all([inner], starter)));
      else if ("sequence" in node) await this.#all(node.sequence, starter);
      else if (!this.#book.isStopped && !this.#parts.closing.aborted)
        await this.#book.take(node, () => starter.begin(node, this.#book.results));
    }
  }
}
