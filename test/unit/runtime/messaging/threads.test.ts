import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MessageBus } from "../../../../src/runtime/messaging/bus.ts";

let folder: string;
let workerFile: string;
const buses: MessageBus[] = [];
const workers: Worker[] = [];

/** A plain module that Node 20 runs too: it imports a bundle. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bus-threads-"));
  await build({
    bundle: true,
    entryPoints: [join(import.meta.dirname, "../../../../src/runtime/messaging/bus.ts")],
    outfile: join(folder, "bus.mjs"),
    platform: "node",
    format: "esm",
    target: "es2022",
  });
  workerFile = join(folder, "worker.mjs");
  writeFileSync(
    workerFile,
    `import { workerData } from "node:worker_threads";
     import { MessageBus } from "./bus.mjs";
     const { port, name } = workerData;
     const bus = new MessageBus();
     bus.subscribe("work", async (message) => {
       await bus.publish("done", { name, n: message.n });
     });
     bus.subscribe("slow", async () => {
       await new Promise((resolve) => setTimeout(resolve, 1));
     }, { highWaterMark: 1 });
     bus.subscribe("block", (cells) => Atomics.wait(new Int32Array(cells), 0, 0));
     bus.subscribe("exit", () => process.exit(3));
     bus.connect(port);`,
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const bus of buses.splice(0)) bus.close();
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

async function start(names: readonly string[]): Promise<MessageBus> {
  const bus = new MessageBus();
  buses.push(bus);
  for (const name of names) {
    const { port1, port2 } = new MessageChannel();
    workers.push(new Worker(workerFile, { workerData: { port: port2, name }, transferList: [port2] }));
    await bus.connect(port1).ready();
  }
  return bus;
}

describe("buses of worker threads", () => {
  it("work on what the main thread publishes, and answer, nothing lost or twice", async () => {
    const names = ["a", "b", "c"];
    const bus = await start(names);
    const done = bus.messages("done", { highWaterMark: Infinity });
    const count = 500;
    for (let n = 0; n < count; n += 1) if (!bus.post("work", { n })) await bus.publish("work", { n });
    const got = new Map<string, number[]>(names.map((name) => [name, []]));
    for (let i = 0; i < count * names.length; i += 1) {
      const { value } = (await done.next()) as { value: { name: string; n: number } };
      got.get(value.name)?.push(value.n);
    }
    const all = Array.from({ length: count }, (_, n) => n);
    for (const name of names) expect(got.get(name)).toEqual(all);
  });

  it("hear each other through the main thread", async () => {
    const bus = await start(["a", "b"]);
    const { port1, port2 } = new MessageChannel();
    const third = new MessageBus();
    buses.push(third);
    bus.connect(port1);
    await third.connect(port2).ready();
    const done = third.messages("done");
    await third.publish("work", { n: 7 });
    const answers = [await done.next(), await done.next()].map(({ value }) => value as { name: string });
    expect(answers.map(({ name }) => name).sort()).toEqual(["a", "b"]);
  });

  it("slow the publisher down where they are slow", async () => {
    const bus = await start(["a"]);
    const posted = () => {
      let count = 0;
      while (bus.post("slow", { n: count })) count += 1;
      return count;
    };
    expect(posted()).toBe(1024);
    await bus.publish("slow", {});
    expect(bus.post("slow", {})).toBe(true);
  });

  it("settle what is under way when a thread is terminated, or exits", async () => {
    const bus = await start(["a", "b"]);
    const stuck = bus.publish("block", new SharedArrayBuffer(4));
    const rejected = expect(stuck).rejects.toMatchObject({ name: "UndeliveredError", topic: "block" });
    await Promise.all(workers.map((worker) => worker.terminate()));
    await rejected;
    await bus.publish("work", { n: 1 });
    const other = await start(["c"]);
    await other.publish("exit", {}).catch(() => undefined);
    while (other.hasSubscribers("work")) await new Promise(setImmediate);
  });
});

it("keeps neither a thread nor a process alive without need, and loses nothing at the end", () => {
  const script = `
    import { MessageChannel, Worker } from "node:worker_threads";
    import { MessageBus } from ${JSON.stringify(pathToFileURL(join(folder, "bus.mjs")).href)};
    const { port1, port2 } = new MessageChannel();
    new Worker(${JSON.stringify(workerFile)}, { workerData: { port: port2, name: "w" }, transferList: [port2] });
    const bus = new MessageBus();
    const connection = bus.connect(port1);
    await connection.ready();
    const done = bus.messages("done");
    await bus.publish("work", { n: 1 });
    console.log(JSON.stringify((await done.next()).value));
    bus.close();`;
  const main = join(folder, "main.mjs");
  writeFileSync(main, script);
  for (const node of new Set([process.execPath, "node"])) {
    const out = execFileSync(node, [main], {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(JSON.parse(out)).toEqual({ name: "w", n: 1 });
  }
});
