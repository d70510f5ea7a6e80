import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { HostRequest } from "../model/hostProtocol.ts";
import type { Loaded, ThreadStart } from "./threadProtocol.ts";
import { UsedThreads } from "./usedThreads.ts";

/** How long a spare thread is kept that nobody needs. */
const IDLE_MS = 60_000;

interface Spare {
  worker: Worker;
  memoryMb: number;
  timer: NodeJS.Timeout;
}

/**
 * Threads for runs, each for one, but for those of a batch that shares them. After the first, a spare one is kept that has
 * loaded and rehearsed our own code already, which takes longer than most of what comes before an agent's own code.
 */
export class AgentThreads {
  readonly #file: string;
  readonly #used = new UsedThreads();
  #compiled: Uint8Array | null = null;
  #spare: Spare | null = null;
  /** The memory that the next spare one may use, once there is time to start it. */
  #next: number | null = null;
  #keeps = true;

  constructor(file: string) {
    this.#file = file;
  }

  take(request: HostRequest): Worker {
    return this.#used.take(request) ?? this.#fresh(request);
  }

  /** A thread whose run has ended, and that another one may follow in. */
  keep(worker: Worker, request: HostRequest, loaded: Loaded): void {
    if (this.#keeps) this.#used.keep(worker, request, loaded);
    else void worker.terminate();
  }

  #fresh({ name, memoryMb }: HostRequest): Worker {
    const spare = this.#spare?.memoryMb === memoryMb ? this.#spare : null;
    if (spare === null) this.#drop();
    else clearTimeout(spare.timer);
    this.#spare = null;
    this.#next = memoryMb;
    return spare?.worker ?? this.#start(name, memoryMb);
  }

  /** From now on each thread is started when it is needed: a debugger would show the spare one. */
  keepNone(): void {
    this.#keeps = false;
    this.#drop();
  }

  /** To be called when a run is at work: until then, the start of another thread would only slow it down. */
  prepare(): void {
    const memoryMb = this.#next;
    this.#next = null;
    if (memoryMb === null || this.#spare !== null || !this.#keeps) return;
    const worker = this.#start("spare", memoryMb);
    const timer = setTimeout(() => this.#drop(), IDLE_MS).unref();
    const spare = { worker, memoryMb, timer };
    this.#spare = spare;
    // A thread that ends before it was needed is no run's fault.
    const ended = () => {
      if (this.#spare === spare) this.#drop();
    };
    worker.once("error", ended).once("exit", ended);
  }

  /** @param memoryMb limit of its heap, in MiB */
  #start(name: string, memoryMb: number): Worker {
    const compiledTo = this.#compiled === null ? this.#listen() : null;
    const workerData: ThreadStart = { compiled: this.#compiled, compiledTo };
    return new Worker(this.#file, {
      ...{ name, stdout: true, stderr: true, workerData },
      transferList: compiledTo === null ? [] : [compiledTo],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
  }

  /** Answers with where a thread puts its compiled code. */
  #listen(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    port1.once("message", (compiled: Uint8Array) => void (this.#compiled ??= compiled)).unref();
    return port2;
  }

  #drop(): void {
    if (this.#spare === null) return;
    const { worker, timer } = this.#spare;
    this.#spare = null;
    clearTimeout(timer);
    void worker.terminate();
  }
}
