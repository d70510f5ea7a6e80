import { MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Piscina } from "piscina";
import { failedStart, failedThread, notSendable, noPool } from "./threadErrors.ts";
import type { PackedAgent } from "./packedAgent.ts";
import type { RunListener } from "./run.ts";
import type {
  FromThread,
  ThreadAgent,
  ThreadAnswer,
  ThreadData,
  ThreadHello,
  ThreadRequest,
} from "./threadProtocol.ts";
import { ThreadRun } from "./threadRun.ts";
import type { ThreadLimits } from "./types.ts";

type PiscinaModule = typeof import("piscina");

/** How threads are made. */
export interface ThreadPoolOptions {
  threads: number;
  graceMs: number;
  idleTimeoutMs: number;
  file: string;
  resourceLimits?: ThreadLimits | undefined;
  execArgv?: readonly string[] | undefined;
  env?: Readonly<Record<string, string>> | undefined;
}

/** Threads that execute agents, one task at a time each; made as they are needed. Takes no more runs than it has threads. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #mail = new Int32Array(new SharedArrayBuffer(4));
  readonly #ports = new Map<number, MessagePort>();
  readonly #runs = new Map<number, ThreadRun>();
  #loading: Promise<{ pool: Piscina; library: PiscinaModule }> | null = null;
  #loaded: { pool: Piscina; library: PiscinaModule } | null = null;
  #lastRun = 0;
  #startError: unknown = undefined;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Executes a task in a thread. */
  run(agent: ThreadAgent | PackedAgent, task: unknown, listener: RunListener): ThreadRun {
    this.#lastRun += 1;
    const run = new ThreadRun(this.#lastRun, listener, this.#options.graceMs);
    this.#runs.set(run.id, run);
    const { onEvent, answerer } = listener;
    const request: ThreadRequest = [run.id, agent, task, onEvent !== undefined, answerer !== undefined];
    if (this.#loaded === null) void this.#loadAndPost(run, request);
    else this.#post(run, request, this.#loaded);
    return run;
  }

  /** Ends all threads; what runs in them ends without a result. */
  async close(): Promise<void> {
    const loaded = this.#loaded ?? (await this.#loading?.catch(() => null));
    await loaded?.pool.destroy();
  }

  async #loadAndPost(run: ThreadRun, request: ThreadRequest): Promise<void> {
    try {
      const loaded = await (this.#loading ??= this.#load());
      this.#loaded = loaded;
      if (run.aborted) this.#end(run);
      else this.#post(run, request, loaded);
    } catch (error) {
      this.#loading = null;
      this.#end(run, error);
    }
  }

  async #load(): Promise<{ pool: Piscina; library: PiscinaModule }> {
    const library = await import("piscina").catch((error: unknown) => {
      throw noPool(error);
    });
    const { threads, graceMs, idleTimeoutMs, file, resourceLimits, execArgv, env } = this.#options;
    const workerData: ThreadData = { mail: this.#mail, graceMs };
    const pool = new library.Piscina({
      filename: file,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: idleTimeoutMs,
      recordTiming: false,
      workerData,
      ...(resourceLimits === undefined ? {} : { resourceLimits: definedIn(resourceLimits) }),
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
      ...(env === undefined ? {} : { env: { ...env } as unknown as NodeJS.ProcessEnv }),
      // Tells which thread gets a run: only that one is told of its abort.
      loadBalancer: (task, workers) => {
        const free = workers.find(
          ({ currentUsage, destroyed, terminating, id }) =>
            currentUsage === 0 && !destroyed && !terminating && this.#ports.has(id),
        );
        const run = (task as unknown as Record<symbol, unknown>)[library.queueOptionsSymbol] as ThreadRun;
        const port = free === undefined ? undefined : this.#ports.get(free.id);
        if (free === undefined || port === undefined) return null;
        run.assign({ port, mail: this.#mail });
        return free;
      },
    });
    pool.on("message", (message: unknown) => {
      // Agents can write to that channel too.
      if (isHello(message)) this.#greet(message);
    });
    pool.on("error", (error: unknown) => {
      this.#startError = error;
    });
    pool.on("workerDestroy", () => setImmediate(() => this.#failUnassigned(pool)));
    return { pool, library };
  }

  #post(
    run: ThreadRun,
    request: ThreadRequest,
    { pool, library }: { pool: Piscina; library: PiscinaModule },
  ): void {
    const task = Object.defineProperty(request, library.queueOptionsSymbol, {
      value: run,
      enumerable: false,
    });
    let answer: Promise<ThreadAnswer>;
    try {
      answer = pool.run(task, { signal: run }) as Promise<ThreadAnswer>;
    } catch (error) {
      // Options that no thread can be started with. The library still holds the task, so it is left behind.
      this.#loading = this.#loaded = null;
      this.#end(run, failedStart(error, this.#options.file));
      return;
    }
    answer.then(
      (answered) => {
        if (run.talks) this.#readAll();
        run.answer(answered);
        this.#end(run);
      },
      (error: unknown) => {
        this.#readAll();
        this.#end(run, notSendable(error, request) ?? failedThread(error, this.#options.resourceLimits));
      },
    );
  }

  #end(run: ThreadRun, error?: unknown): void {
    if (!this.#runs.delete(run.id)) return;
    run.free(error);
  }

  #greet({ thread, port }: ThreadHello): void {
    if (this.#ports.has(thread)) return;
    this.#ports.set(thread, port);
    port.on("message", (message: FromThread) => this.#receive(message));
    port.on("close", () => this.#ports.delete(thread));
    port.unref();
  }

  /** What was told before an answer is heard before it. */
  #readAll(): void {
    for (const port of this.#ports.values()) {
      for (let mail; (mail = receiveMessageOnPort(port)) !== undefined;)
        this.#receive(mail.message as FromThread);
    }
  }

  #receive(message: FromThread): void {
    const run = this.#runs.get(message.run);
    switch (message.type) {
      case "event":
        run?.event(message.event);
        break;
      case "question":
        if (run === undefined) message.port.close();
        else run.question(message);
        break;
      case "early":
        run?.answer(message.answer);
        if (message.stuck) run?.kill();
    }
  }

  /** A thread that dies before it takes a task leaves a run behind that nobody would ever answer. */
  #failUnassigned(pool: Piscina): void {
    const waiting = [...this.#runs.values()].filter(({ assigned }) => !assigned);
    const free = pool.threads.length - (this.#runs.size - waiting.length);
    for (const run of waiting.slice(Math.max(0, free))) {
      const error = failedStart(this.#startError, this.#options.file);
      run.kill();
      this.#end(run, error);
    }
  }
}

const isHello = (message: unknown): message is ThreadHello =>
  typeof message === "object" &&
  message !== null &&
  "thread" in message &&
  "port" in message &&
  message.port instanceof MessagePort;

/** Without the keys that are undefined. */
function definedIn<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
