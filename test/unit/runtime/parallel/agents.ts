/* Agents that tests give by module reference; bundled into a temporary folder, with a copy of the core of their own. */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { BaseAgent, type ExecutionContext } from "../../../../src/runtime/core/index.ts";

/** A legacy class with state. */
export default class Counter {
  private count: number;
  constructor(start = 0) {
    this.count = start;
  }
  run(step: number): { count: number } {
    this.count += step;
    return { count: this.count };
  }
}

/** Meets others that run at the same time; alone it waits in vain. */
export class Meeting {
  run({ shared, of }: { shared: Int32Array; of: number }): number {
    Atomics.add(shared, 0, 1);
    Atomics.notify(shared, 0);
    const until = Date.now() + 20_000;
    for (let here = 0; (here = Atomics.load(shared, 0)) < of;) {
      if (Date.now() > until) throw new Error("nobody came");
      Atomics.wait(shared, 0, here, 50);
    }
    return of;
  }
}

/** Returns or throws what it is told to. */
export class Echo {
  run(what: string): unknown {
    const shared = { x: 1 };
    switch (what) {
      case "shared":
        return { a: shared, b: shared };
      case "map":
        return new Map([["k", new Date(0)]]);
      case "class":
        return new (class Point {
          x = 1;
          length = () => 1;
        })();
      case "instance":
        return new (class Point {
          x = 1;
        })();
      case "error": {
        const error = new RangeError("outer", { cause: new TypeError("inner", { cause: "root" }) });
        throw Object.assign(error, { code: "E_OUT", status: 7, callback: () => 1 });
      }
      case "aggregate":
        throw new AggregateError([new Error("one"), "two"], "both");
      case "string":
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- agents may
        throw "just text";
      default:
        return what;
    }
  }
}

/** Ends in ways that are not foreseen. */
export class Rogue {
  async run(how: string): Promise<unknown> {
    if (how === "exit") process.exit(3);
    if (how === "loop") for (;;);
    if (how === "memory") {
      const all: unknown[] = [];
      for (;;) all.push(new Array(1000).fill(all.length));
    }
    if (how === "uncaught")
      setImmediate(() => {
        throw new Error("thrown aside");
      });
    if (how === "forever") return new Promise(() => undefined);
    await sleep(how === "uncaught" ? 10_000 : 0);
    return how;
  }
}

/** Computes until it is asked to end, without ever yielding. */
export class Poller extends BaseAgent<Int32Array, string> {
  constructor() {
    super({ name: "poller", agentType: "test" });
  }
  protected override executeImpl(shared: Int32Array, { signal }: ExecutionContext): string {
    Atomics.store(shared, 0, 1);
    Atomics.notify(shared, 0);
    while (!signal.aborted);
    return "ended by itself";
  }
}

/** Waits until it is asked to end. */
export class Waiter extends BaseAgent<Int32Array> {
  constructor() {
    super({ name: "waiter", agentType: "test" });
  }
  protected override executeImpl(shared: Int32Array, { signal }: ExecutionContext): Promise<unknown> {
    Atomics.add(shared, 0, 1);
    Atomics.notify(shared, 0);
    return new Promise((resolve) =>
      signal.addEventListener("abort", () => {
        Atomics.add(shared, 1, 1);
        resolve((signal.reason as Error).message);
      }),
    );
  }
}

/** Never ends, nor yields, nor asks whether it should. */
export class Looper {
  run(shared: Int32Array): never {
    Atomics.store(shared, 0, 1);
    for (;;);
  }
}

/** Tells more than is taken at a time. */
export class Chatterbox extends BaseAgent<number, string> {
  constructor() {
    super({ name: "chatterbox", agentType: "test" });
  }
  protected override executeImpl(times: number, context: ExecutionContext): string {
    for (let i = 0; i < times; i += 1) context.progress(String(i));
    return "said it all";
  }
}

/** Tells everything that can be told. */
export class Teller extends BaseAgent<number, number> {
  constructor() {
    super({ name: "teller", agentType: "test" });
  }
  #calls = 0;
  protected override executeImpl(task: number, context: ExecutionContext): number {
    this.#calls += 1;
    context.progress("begun", 0.5);
    context.usage({ tokens: 2, cost: 1 });
    context.checkpoint("half");
    if (this.#calls < task) throw new Error(`attempt ${context.attempt}`);
    return this.#calls;
  }
}

/** Asks a person, in the way it is told to. */
export class Asking extends BaseAgent<string> {
  constructor(own?: string) {
    super(
      { name: "asking", agentType: "test", capabilities: ["asking"] },
      own === undefined ? {} : { answerer: () => own },
    );
  }
  protected override async executeImpl(how: string, context: ExecutionContext): Promise<unknown> {
    const question = { kind: "text", message: `${how}?`, default: "as always" } as const;
    if (how === "sync") return context.askSync(question);
    if (how === "leave" || how === "exit" || (how === "retry" && context.attempt === 1)) {
      void context.ask(question);
      await sleep(50);
      if (how === "exit") process.exit(3);
      if (how === "retry") throw new Error("once more");
      return "left";
    }
    return context.ask(how === "retry" ? { kind: "approve", message: "again?" } : question);
  }
}

/** Writes to the channel between its thread and the program, which is not its own. */
export class Intruder {
  run(message: unknown): string {
    parentPort?.postMessage(message);
    return "written";
  }
}

/** Writes down its life. */
export class Diarist extends BaseAgent<string> {
  readonly #file: string;
  readonly #close: string;
  constructor(file: string, close = "quickly") {
    super({ name: "diarist", agentType: "test" });
    this.#file = file;
    this.#close = close;
    appendFileSync(file, "made\n");
  }
  protected override executeImpl(task: string): string {
    appendFileSync(this.#file, `${task}\n`);
    return task;
  }
  protected override shutdownImpl(): unknown {
    appendFileSync(this.#file, "shut down\n");
    if (this.#close === "never") return new Promise(() => undefined);
    if (this.#close === "badly") throw new Error("the door is stuck");
    return undefined;
  }
}

/** A factory. */
export async function makeCounter(start: number): Promise<Counter> {
  await sleep(1);
  return new Counter(start);
}

/** A factory of agents. */
export const makeTeller = (): Teller => new Teller();

/** No factory, after all. */
export const makeNothing = (): null => null;

/** An agent, not something that makes agents. */
export const instance = new Counter();
