import type { MessagePort } from "node:worker_threads";
import type { AgentEvent } from "../core/events.ts";
import { describeError } from "../core/errors.ts";
import type { Result } from "../core/types.ts";
import { abortedBy, failure } from "./failure.ts";
import { toPlainThrown } from "./plainThrown.ts";
import type { Outcome, Run, RunListener } from "./run.ts";
import { fromSent } from "./sentResult.ts";
import { now, type ThreadAnswer, type ToThread } from "./threadProtocol.ts";
import { answerThread, type ThreadQuestion } from "./threadQuestion.ts";

/** A thread that a run was given to. */
export interface Thread {
  port: MessagePort;
  /** Counts messages; see ThreadData. */
  mail: Int32Array;
}

/** One task on its way through a thread. Also the signal with which the pool's library is told to end that thread. */
export class ThreadRun implements Run {
  readonly id: number;
  /** Whether the library was told to end the thread. */
  aborted = false;
  readonly #listener: RunListener;
  readonly #graceMs: number;
  /** When it was made and, later, when it was given to a thread. */
  #since = now();
  readonly #warnings: string[] = [];
  #thread: Thread | null = null;
  #reason: Error | null = null;
  #grace: NodeJS.Timeout | undefined;
  #killers = new Set<() => void>();
  #told = false;
  #freed = false;

  constructor(id: number, listener: RunListener, graceMs: number) {
    this.id = id;
    this.#listener = listener;
    this.#graceMs = graceMs;
  }

  /** Whether it was given to a thread. */
  get assigned(): boolean {
    return this.#thread !== null;
  }

  /** Whether it was asked to end, or messages are expected. */
  get talks(): boolean {
    const { onEvent, answerer } = this.#listener;
    return this.#reason !== null || onEvent !== undefined || answerer !== undefined;
  }

  /** It was given to a thread. */
  assign(thread: Thread): void {
    this.#thread = thread;
    this.#since = now();
    if (this.#reason !== null) this.#send(thread, this.#reason);
  }

  abort(reason: Error): void {
    if (this.#reason !== null || this.#freed) return;
    this.#reason = reason;
    if (this.#thread === null) {
      // There is nothing yet that could take its time to end.
      this.kill();
      return;
    }
    this.#send(this.#thread, reason);
    this.#grace = setTimeout(() => this.kill(), this.#graceMs);
  }

  #send({ port, mail }: Thread, reason: Error): void {
    const message: ToThread = { type: "abort", run: this.id, reason: toPlainThrown(reason) };
    port.postMessage(message);
    Atomics.add(mail, 0, 1);
  }

  /** Ends the thread. */
  kill(): void {
    this.aborted = true;
    for (const killer of this.#killers) killer();
  }

  /** The library's side of {@link kill}. */
  addEventListener(_type: "abort", killer: () => void): void {
    this.#killers.add(killer);
  }

  /** The library's side of {@link kill}. */
  removeEventListener(_type: "abort", killer: () => void): void {
    this.#killers.delete(killer);
  }

  /** Something happened in the agent. */
  event(event: AgentEvent): void {
    if (this.#told) return;
    try {
      this.#listener.onEvent?.(event);
    } catch (error) {
      this.#warnings.push(`A listener failed: ${describeError(error).message}`);
    }
  }

  /** The agent asks. */
  question(question: ThreadQuestion): void {
    const { answerer } = this.#listener;
    if (this.#told || answerer === undefined) question.port.close();
    else void answerThread(question, answerer);
  }

  /** The result stands. */
  answer([sent, agent, begun, ended]: ThreadAnswer): void {
    if (this.#told) return;
    this.#tell({ result: fromSent(sent, this.#warnings), agent, begun, ended });
  }

  /** The thread is free, or gone; `error` says why it is where it gave no answer. */
  free(error?: unknown): void {
    if (this.#freed) return;
    this.#freed = true;
    clearTimeout(this.#grace);
    if (!this.#told) {
      const worked = this.#thread === null ? {} : { begun: this.#since, ended: now() };
      this.#tell({ ...worked, result: this.#lost(error) });
    }
    this.#listener.onFree();
  }

  #tell(outcome: Outcome): void {
    if (this.#told) return;
    this.#told = true;
    this.#listener.onOutcome(outcome);
  }

  #lost(error: unknown): Result {
    const ms = Math.round(now() - this.#since);
    const reason = this.#reason;
    const lost = reason === null ? failure(error, false, ms) : failure(abortedBy(reason), true, ms);
    lost.warnings.push(...this.#warnings);
    if (this.#reason !== null && this.#thread !== null) {
      lost.warnings.push(
        `The agent did not end within ${this.#graceMs} ms of the abort: its thread was ended.`,
      );
    }
    return lost;
  }
}
