import type { Worker } from "node:worker_threads";
import { createBirpc } from "birpc";
import { overPort } from "../model/channel.ts";
import type { Ended, HostEvent, HostRequest, LiveState, Outcome } from "../model/hostProtocol.ts";
import type { Answer, RunError } from "../model/runRecord.ts";
import { outOfMemory } from "./outOfMemory.ts";
import { PausableTimer } from "./pausableTimer.ts";
import { readableError } from "./readableError.ts";
import type { Loaded, ThreadEvents, ThreadFunctions } from "./threadProtocol.ts";

type Stop = "cancelled" | "timeout";

/** How long an aborted agent may take to end by itself, and a terminated thread to die. */
const GRACE_MS = 900;
const LIVE_MS = 2_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Observer {
  event(event: HostEvent): void;
  /** The thread outlived its termination; the run is reported as ended all the same. */
  stuck(): void;
}

/** One run in a thread. `finished` always resolves, whatever the agent does. */
export class ThreadRun {
  readonly finished: Promise<Ended>;
  readonly #request: HostRequest;
  readonly #observer: Observer;
  readonly #worker: Worker;
  readonly #thread;
  readonly #startedAt = performance.now();
  #settle: (ended: Ended) => void = () => undefined;
  #stop: Stop | null = null;
  #outcome: Outcome | null = null;
  #thrown: { error: unknown } | null = null;
  #exitCode: number | null = null;
  #terminated = false;
  #stuck = false;
  #loaded: Loaded | null = null;
  #last: HostEvent[] = [];
  /** Ends the listening to a thread that outlives its run. */
  #leave: () => void = () => undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #timeLimit: PausableTimer | null = null;

  /** @param worker a thread that serves no other run */
  constructor(worker: Worker, request: HostRequest, observer: Observer) {
    this.#request = request;
    this.#observer = observer;
    this.finished = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#worker = worker;
    const calls: ThreadEvents = {
      event: (event) => observer.event(event),
      waiting: (waits) => {
        if (waits) this.#timeLimit?.pause();
        else this.#timeLimit?.resume();
      },
      exiting: (code) => void (this.#exitCode ??= code),
      done: (outcome, loaded, last) => {
        this.#last = last;
        this.#outcome ??= outcome;
        if (this.#stop === null && loaded !== null) this.#release(loaded);
        else this.#terminate();
      },
    };
    this.#thread = createBirpc<ThreadFunctions, ThreadEvents>(calls, overPort(this.#worker));
    void this.#thread.begin.asEvent(request);
    this.#listen();
    if (request.timeoutMs !== null) {
      const limit = Math.min(request.timeoutMs, LONGEST_TIMER_MS);
      this.#timeLimit = new PausableTimer(limit, () => this.stop("timeout"));
    }
  }

  /** Abort signal, then (grace) the thread is terminated; the first reason counts. */
  stop(reason: Stop): void {
    if (this.#stop || this.#outcome) return;
    this.#stop = reason;
    void this.#thread.abort.asEvent();
    this.#after(GRACE_MS, () => this.#terminate());
  }

  /** What the thread has loaded, where it is free for another run; null where it has ended. */
  get loaded(): Loaded | null {
    return this.#loaded;
  }

  answer(answer: Answer): Promise<boolean> {
    // Rejects where the thread ends first.
    return this.#thread.answer(answer).catch(() => false);
  }

  /** Null where the agent's code does not let go of the thread for so long, or its snapshot fails. */
  async liveState(waitMs = LIVE_MS): Promise<LiveState | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), waitMs);
    });
    try {
      return await Promise.race([this.#thread.liveState().catch(() => null), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #listen(): void {
    const readers = (["stdout", "stderr"] as const).map((stream) => {
      const read = (chunk: Buffer) => this.#observer.event({ type: "log", stream, text: chunk.toString() });
      this.#worker[stream].on("data", read);
      return () => this.#worker[stream].off("data", read);
    });
    const error = (thrown: unknown) => void (this.#thrown ??= { error: thrown });
    // A turn later, because calls that arrived with the exit are answered in microtasks.
    const exit = () => void setImmediate(() => this.#end());
    this.#worker.on("error", error).on("exit", exit);
    this.#leave = () => {
      for (const stop of readers) stop();
      this.#worker.off("error", error).off("exit", exit);
    };
  }

  #release(loaded: Loaded): void {
    this.#loaded = loaded;
    this.#leave();
    // A turn later, so that the thread hears that its call has arrived.
    setImmediate(() => this.#end());
  }

  #terminate(): void {
    this.#terminated = true;
    void this.#worker.terminate();
    this.#after(GRACE_MS, () => {
      this.#stuck = true;
      this.#observer.stuck();
      this.#end();
    });
  }

  #after(ms: number, then: () => void): void {
    this.#timers.add(setTimeout(then, ms));
  }

  #end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timeLimit?.pause();
    this.#thread.$close();
    this.#settle({ outcome: this.#result(), last: this.#last });
  }

  #result(): Outcome {
    if (this.#stop === null) return this.#outcome ?? this.#ended("failed", this.#abnormalEnd());
    // The time counts from the start of the run, as its timeout does.
    const ended = this.#ended("failed");
    const stopped = this.#stuck
      ? "process"
      : this.#outcome !== null || !this.#terminated
        ? "signal"
        : "thread";
    const outcome = { ...ended, ...this.#outcome, durationMs: ended.durationMs, stopped } as const;
    if (this.#stop === "cancelled") return { ...outcome, status: "cancelled" };
    const ms = (this.#request.timeoutMs ?? 0).toLocaleString("en");
    const message = `The run took longer than ${ms} ms and was stopped.`;
    return { ...outcome, status: "failed", error: { name: "TimeoutError", message } };
  }

  #abnormalEnd(): RunError {
    if (this.#thrown) {
      const error = readableError(this.#thrown.error);
      const isOut = codeOf(this.#thrown.error) === "ERR_WORKER_OUT_OF_MEMORY";
      return isOut ? outOfMemory(this.#request.memoryMb) : error;
    }
    if (this.#exitCode !== null) {
      return { name: "ProcessExitError", message: `The agent called process.exit(${this.#exitCode}).` };
    }
    return {
      name: "NeverSettledError",
      message: "The agent never finished: it waits for a promise that nothing can settle any more.",
    };
  }

  #ended(status: Outcome["status"], error?: RunError): Outcome {
    const durationMs = Math.round(performance.now() - this.#startedAt);
    return { status, ...(error && { error }), checkpointId: null, attempts: 1, durationMs, warnings: [] };
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
