import { Worker } from "node:worker_threads";

/** How long a spare thread is kept that nobody needs. */
const IDLE_MS = 60_000;

interface Spare {
  worker: Worker;
  memoryMb: number;
  timer: NodeJS.Timeout;
}

/**
 * Threads for runs, each for one. After the first, a spare one is kept that has loaded our own code already, which takes
 * longer than most of what comes before an agent's own code.
 */
export class AgentThreads {
  readonly #file: string;
  #spare: Spare | null = null;
  #keeps = true;

  constructor(file: string) {
    this.#file = file;
  }

  /** @param memoryMb limit of its heap, in MiB */
  take(name: string, memoryMb: number): Worker {
    const spare = this.#spare?.memoryMb === memoryMb ? this.#spare : null;
    if (spare === null) this.#drop();
    else clearTimeout(spare.timer);
    this.#spare = null;
    if (this.#keeps) setImmediate(() => this.#prepare(memoryMb));
    return spare?.worker ?? this.#start(name, memoryMb);
  }

  /** From now on each thread is started when it is needed: a debugger would show the spare one. */
  keepNone(): void {
    this.#keeps = false;
    this.#drop();
  }

  #prepare(memoryMb: number): void {
    if (this.#spare !== null || !this.#keeps) return;
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

  #start(name: string, memoryMb: number): Worker {
    return new Worker(this.#file, {
      ...{ name, stdout: true, stderr: true },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
  }

  #drop(): void {
    if (this.#spare === null) return;
    const { worker, timer } = this.#spare;
    this.#spare = null;
    clearTimeout(timer);
    void worker.terminate();
  }
}
