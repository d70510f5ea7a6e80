import type { HostEvent, Outcome } from "../model/hostProtocol.ts";
import { pipelineLine, type PipelineLine } from "../model/remotePipeline.ts";
import { remoteLine } from "../model/remoteRun.ts";
import { UserError } from "../model/userError.ts";
import type { Courier } from "./courier.ts";
import type { ToldErrors } from "./toldErrors.ts";

/** Where a run is followed. */
export interface FollowedFrom {
  /** The folder whose checkpoints are to be there before they are told. */
  root: string;
  courier: Courier;
  errors: ToldErrors;
  /** Told what its worker tells. */
  onEvent?: (event: HostEvent) => void;
  /** Of a pipeline: told the lines of its log. */
  onLine?: (line: PipelineLine) => void;
}

/** A run that executes elsewhere, as far as this process has heard of it. */
export class FollowedRun {
  readonly job: string;
  /** Whether its worker was asked for something. */
  isAsked = false;
  /** Rejects only where something is wrong here. */
  readonly ended: Promise<Outcome>;
  readonly #from: FollowedFrom;
  readonly #warnings: string[] = [];
  #memory: string | null = null;
  #last: Promise<void> = Promise.resolve();
  #isLeft = false;
  #isEnded = false;
  #heardLines = 0;
  #heardAt: number | null = null;
  #startedAt: number | null = null;
  #queued: Promise<void> | null = null;
  #resolve: (outcome: Outcome) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(job: string, from: FollowedFrom) {
    this.job = job;
    this.#from = from;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** What its worker had of memory in the end, see `MemoryExchange`; null where it told nothing of that. */
  get memory(): string | null {
    return this.#memory;
  }

  /** So many lines of its log were heard. */
  get heardLines(): number {
    return this.#heardLines;
  }

  /** By `performance.now()`: when something was heard of it, or it was put into the queue; null before. */
  get heardAt(): number | null {
    return this.#heardAt;
  }

  /** How long it has been at work, as far as is known here, in ms. */
  get atWorkMs(): number {
    return this.#startedAt === null ? 0 : Math.round(performance.now() - this.#startedAt);
  }

  /** Pending while it is put into the queue; null before. */
  get queued(): Promise<void> | null {
    return this.#queued;
  }

  get isPipeline(): boolean {
    return this.#from.onLine !== undefined;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** To be called where it is put into the queue, or was there before. */
  async enqueued(queued: Promise<void>): Promise<void> {
    this.#queued = queued;
    await queued;
    this.#heardAt = performance.now();
  }

  /** Takes the next lines of its log. */
  hear(lines: readonly string[]): void {
    this.#heardLines += lines.length;
    this.#heardAt = performance.now();
    for (const line of lines) this.#last = this.#last.then(() => this.#take(line));
    this.#last.catch((error: unknown) => this.fail(error));
  }

  /** Ends it from here, where its log does not. */
  end(outcome: Outcome): void {
    this.#isEnded = true;
    this.#resolve({ ...outcome, warnings: [...new Set([...outcome.warnings, ...this.#warnings])] });
  }

  /** Ends it here, while it may go on where it is. */
  leave(outcome: Outcome): void {
    this.#isLeft = true;
    this.end(outcome);
  }

  get isLeft(): boolean {
    return this.#isLeft;
  }

  fail(error: unknown): void {
    this.#isEnded = true;
    this.#reject(error);
  }

  async #take(text: string): Promise<void> {
    const line = remoteLine(text);
    const ofPipeline = line === null && this.isPipeline ? pipelineLine(text) : null;
    if (ofPipeline !== null) this.#from.onLine?.(ofPipeline);
    else if (line === null)
      this.warn("Its worker told something that this version of opsvi-agents does not know.");
    else if ("end" in line) {
      await this.#tried(() => this.#from.errors.learn(line.end.error));
      this.#memory = line.memory ?? null;
      this.end(line.end);
    } else this.#from.onEvent?.(await this.#heard(line.event));
  }

  async #heard(event: HostEvent): Promise<HostEvent> {
    const { courier, root, errors } = this.#from;
    if (event.type === "checkpoint") await this.#tried(() => courier.fetch(root, event.id));
    if (event.type === "retry") await this.#tried(() => errors.learn(event.error));
    if (event.type !== "started") return event;
    const { place, ...told } = event;
    this.#startedAt ??= performance.now();
    errors.begun(place);
    return told;
  }

  /** What of a run cannot be brought here does not end it: it goes on. */
  async #tried(bring: () => Promise<unknown>): Promise<void> {
    try {
      await bring();
    } catch (error) {
      const { message } = error as Error;
      this.warn(
        error instanceof UserError ? message : `Something of the run was not brought here: ${message}`,
      );
    }
  }

  /** Adds a warning to its outcome. */
  warn(sentence: string): void {
    if (!this.#warnings.includes(sentence)) this.#warnings.push(sentence);
  }
}
