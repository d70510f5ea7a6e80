import { EventEmitter } from "node:events";
import { isMainThread, MessageChannel, type MessagePort, parentPort, Worker } from "node:worker_threads";
import { MessageBus } from "../../src/runtime/messaging/bus.ts";
import { type Bench, type Figure, inTurns, median } from "./bench.ts";

interface Flat {
  id: string;
  n: number;
  text: string;
}
interface Nested extends Flat {
  steps: { tool: string; ok: boolean }[];
}
interface Topics {
  flat: Flat;
  nested: Nested;
}

const count = 50_000;
const rounds = 11;
const flat = (n: number): Flat => ({ id: "task-17", n, text: "searched the archive" });
const nested = (n: number): Nested => ({ ...flat(n), steps: [{ tool: "search", ok: true }] });

/** The other thread: counts what comes, and says when all has come. */
function serve(): void {
  parentPort?.once("message", ({ bare, linked }: { bare: MessagePort; linked: MessagePort }) => {
    let received = 0;
    const receive = () => {
      received += 1;
      if (received % count === 0) parentPort?.postMessage("done");
    };
    const bus = new MessageBus<Topics>();
    bus.subscribe("*", receive);
    bus.connect(linked);
    bare.on("message", receive);
    parentPort?.postMessage("ready");
  });
}
if (!isMainThread) serve();

const said = (worker: Worker) => new Promise((resolve) => worker.once("message", resolve));
const rate = (ms: readonly number[]) => (count / median(ms)) * 1000;

async function acrossThreads(): Promise<Figure[]> {
  const worker = new Worker(new URL(import.meta.url));
  const [bare, linked] = [new MessageChannel(), new MessageChannel()];
  const ready = said(worker);
  worker.postMessage({ bare: bare.port1, linked: linked.port1 }, [bare.port1, linked.port1]);
  await ready;
  const bus = new MessageBus<Topics>();
  await bus.connect(linked.port2).ready();
  const figures: Figure[] = [];
  for (const [topic, make] of [
    ["flat", flat],
    ["nested", nested],
  ] as const) {
    const times = await inTurns(
      rounds,
      async () => {
        const done = said(worker);
        for (let n = 0; n < count; n += 1) {
          const message = make(n) as Nested;
          if (!bus.post(topic, message)) await bus.publish(topic, message);
        }
        await done;
      },
      async () => {
        const done = said(worker);
        for (let n = 0; n < count; n += 1) bare.port2.postMessage(make(n));
        await done;
      },
    );
    figures.push({
      name: `to another thread, ${topic} messages`,
      ours: rate(times.ours),
      yardstick: rate(times.yardstick),
      yardstickName: "bare MessagePort, one by one",
      unit: "messages/s",
      goal: { atLeast: 0.5 },
    });
  }
  bus.close();
  bare.port2.close();
  await worker.terminate();
  return figures;
}

/** To `receivers` subscribers of one thread; both sides wait until all have it. */
async function inProcess(receivers: number): Promise<Figure[]> {
  const bus = new MessageBus<Topics>();
  const emitter = new EventEmitter();
  let received = 0;
  const receive = () => (received += 1);
  const pairs = Array.from({ length: receivers }, () => new MessageChannel());
  let done: () => void = () => undefined;
  for (const { port1 } of pairs) {
    bus.subscribe("flat", receive);
    emitter.on("flat", receive);
    port1.on("message", () => {
      receive();
      if (received === count * receivers) done();
    });
  }
  const publish = async () => {
    received = 0;
    for (let n = 0; n < count; n += 1) await bus.publish("flat", flat(n));
  };
  const post = () => {
    received = 0;
    for (let n = 0; n < count; n += 1) bus.post("flat", flat(n));
  };
  const bare = await inTurns(rounds, publish, async () => {
    received = 0;
    const all = new Promise<void>((resolve) => (done = resolve));
    for (let n = 0; n < count; n += 1) {
      const message = flat(n);
      for (const { port2 } of pairs) port2.postMessage(message);
    }
    await all;
  });
  const emitted = await inTurns(rounds, post, () => {
    received = 0;
    for (let n = 0; n < count; n += 1) emitter.emit("flat", flat(n));
  });
  for (const { port1 } of pairs) port1.close();
  bus.close();
  const to = `in process, ${receivers} subscriber${receivers === 1 ? "" : "s"}`;
  const unit = "messages/s";
  return [
    {
      name: `${to}, publish`,
      ours: rate(bare.ours),
      yardstick: rate(bare.yardstick),
      yardstickName: "bare MessagePort",
      unit,
      goal: { atLeast: 0.5 },
    },
    {
      name: `${to}, post`,
      ours: rate(emitted.ours),
      yardstick: rate(emitted.yardstick),
      yardstickName: "bare EventEmitter (no promises kept)",
      unit,
      goal: null,
    },
  ];
}

/** Messages per second of the bus. The proposal wants 100. */
export const bench: Bench = {
  run: async () => [...(await inProcess(1)), ...(await inProcess(10)), ...(await acrossThreads())],
};
