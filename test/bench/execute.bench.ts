import { BaseAgent, MemoryCheckpointStore, UniversalAgentAdapter } from "../../src/runtime/index.ts";
import { type Bench, type Figure, inTurns, median } from "./bench.ts";

interface Task {
  question: string;
}

/** What teams have: a class with a method that takes tasks, and some state. */
class Legacy {
  executed = 0;
  readonly history: string[] = [];

  execute(task: Task): { answer: string; executed: number } {
    this.executed += 1;
    if (this.history.length < 10) this.history.push(task.question);
    return { answer: task.question, executed: this.executed };
  }
}

class Agent extends BaseAgent<Task> {
  protected override executeImpl(task: Task): unknown {
    const executed = Number(this.context.executed ?? 0) + 1;
    this.context.executed = executed;
    return { answer: task.question, executed };
  }
}

class Waiting extends BaseAgent {
  protected override executeImpl(task: unknown): Promise<unknown> {
    return task as Promise<unknown>;
  }
}

const rounds = 40;
const calls = 250;
const task = { question: "What is measured?" };
const newAgent = (): Agent => new Agent({ name: "agent", agentType: "bench" });
const newAdapter = (): UniversalAgentAdapter =>
  new UniversalAgentAdapter(new Legacy(), { agentType: "bench", name: "legacy" });

/** Microseconds per call. */
async function overhead(name: string, executable: () => (task: Task) => unknown): Promise<Figure> {
  const legacy = new Legacy();
  let execute = executable();
  const batch = (call: (task: Task) => unknown) => () => {
    for (let i = 0; i < calls; i += 1) call(task);
  };
  const measure = (count: number) =>
    inTurns(
      count,
      () => {
        // A store of its own for each round: it keeps everything.
        execute = executable();
        batch(execute)();
      },
      batch((one) => legacy.execute(one)),
    );
  await measure(10);
  const times = await measure(rounds);
  const perCall = (durations: number[]) => (median(durations) * 1000) / calls;
  return {
    name,
    ours: perCall(times.ours),
    yardstick: perCall(times.yardstick),
    yardstickName: "calling the method",
    unit: "µs",
    goal: null,
  };
}

const { gc } = globalThis as { gc?: () => void };

function heap(): number {
  gc?.();
  gc?.();
  return process.memoryUsage().heapUsed;
}

/** Megabytes of heap for each of what is made. */
async function memory(
  name: string,
  atMost: number,
  count: number,
  make: (index: number) => unknown,
): Promise<Figure> {
  make(-1);
  const before = heap();
  const made = Array.from({ length: count }, (_, index) => make(index));
  // What begins with a microtask has begun.
  await new Promise((resolve) => setImmediate(resolve));
  const ours = (heap() - before) / made.length / 2 ** 20;
  return { name, ours, yardstick: null, yardstickName: null, unit: "MB", goal: { atMost } };
}

/** What `execute` costs over calling the method, and what an agent weighs. */
export const bench: Bench = {
  run: async () => {
    const store = new MemoryCheckpointStore();
    return [
      await overhead("execute, no store", () => {
        const agent = newAgent();
        return (one) => agent.execute(one);
      }),
      await overhead("execute, memory store", () => {
        const agent = newAgent();
        const checkpoints = new MemoryCheckpointStore();
        return (one) => agent.execute(one, { checkpoints });
      }),
      await overhead("adapter execute, no store", () => {
        const adapter = newAdapter();
        return (one) => adapter.execute(one);
      }),
      await overhead("adapter execute, memory store", () => {
        const adapter = newAdapter();
        const checkpoints = new MemoryCheckpointStore();
        return (one) => adapter.execute(one, { checkpoints });
      }),
      await memory("idle BaseAgent", 1, 10_000, () => {
        const agent = newAgent();
        agent.initialize();
        return agent;
      }),
      await memory("idle adapter", 1, 10_000, () => {
        const adapter = newAdapter();
        adapter.initialize();
        return adapter;
      }),
      await memory("running agent with its checkpoint", 10, 5_000, (index) => {
        const agent = new Waiting({ name: `agent${index}`, agentType: "bench" }, { checkpoints: store });
        return [agent, agent.executeAsync(new Promise(() => undefined))];
      }),
    ];
  },
};
