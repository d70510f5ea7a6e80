import { setImmediate as turn } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MessageBus, type ConnectOptions } from "../../../../src/runtime/messaging/bus.ts";
import { copyPlain } from "../../../../src/runtime/messaging/copyPlain.ts";
import { Routes } from "../../../../src/runtime/messaging/routes.ts";
import { settle, testChannel, type TestPort } from "./channel.ts";

let errors: unknown[];
let buses: MessageBus[];
let ports: TestPort[];

beforeEach(() => {
  errors = [];
  buses = [];
  ports = [];
});
afterEach(() => {
  for (const bus of buses) bus.close();
});

function make(): MessageBus {
  const bus = new MessageBus({ onError: (error) => errors.push(error) });
  buses.push(bus);
  return bus;
}
function link(a: MessageBus, b: MessageBus, options?: ConnectOptions) {
  const [left, right] = testChannel();
  ports.push(left, right);
  const connection = a.connect(left, options);
  b.connect(right, options);
  return { left, right, connection };
}
/** All that was sent as a text. */
const wire = (port: TestPort) => JSON.stringify(port.sent);
const collect = (bus: MessageBus, pattern: string) => {
  const seen: unknown[] = [];
  bus.subscribe(pattern as "*", (message) => seen.push(message));
  return seen;
};

describe("two connected buses", () => {
  it("hear each other, without an echo", async () => {
    const [a, b] = [make(), make()];
    const inA = collect(a, "x");
    const inB = collect(b, "x");
    const { connection } = link(a, b);
    expect(connection.open).toBe(true);
    const ready = connection.ready();
    await settle(ports);
    await ready;
    await connection.ready();
    for (const n of [1, 2]) a.post("x", n);
    b.post("x", 3);
    await settle(ports);
    expect(inA.sort()).toEqual([1, 2, 3]);
    expect(inB.sort()).toEqual([1, 2, 3]);
  });

  it("send only what somebody there subscribes to", async () => {
    const [a, b] = [make(), make()];
    collect(b, "task.*");
    const off = b.subscribe("tick", () => undefined);
    const { left } = link(a, b);
    await settle(ports);
    a.post("secret", "s3cret");
    a.post("task.done", "wanted");
    a.post("tick", "also");
    await settle(ports);
    expect(wire(left)).not.toContain("s3cret");
    expect(wire(left)).toContain("wanted");
    expect(a.hasSubscribers("tick")).toBe(true);
    off();
    await settle(ports);
    expect(a.hasSubscribers("tick")).toBe(false);
    await a.publish("secret", 1);
  });

  it("tell a new subscription before the next message, so that an answer reaches it", async () => {
    const [a, b] = [make(), make()];
    b.subscribe("question", (n) => b.post("answer", n));
    link(a, b);
    await settle(ports);
    const answers = collect(a, "answer");
    a.post("question", 42);
    await settle(ports);
    expect(answers).toEqual([42]);
  });

  it("copy: neither what is changed after publishing nor what a subscriber changes is seen by the other", async () => {
    const [a, b] = [make(), make()];
    const { left } = link(a, b, { highWaterMark: 2 });
    const seen = collect(b, "x");
    a.subscribe("x", (message) => {
      (message as { n: unknown }).n = "changed here";
    });
    await settle(ports);
    const message = { n: 0, inner: { at: new Date(0) } };
    for (let n = 1; n <= 4; n += 1) {
      message.n = n;
      void a.publish("x", message);
    }
    const flat = { n: 5 };
    void a.publish("x", flat);
    await settle(ports);
    expect(seen.map((m) => (m as { n: number }).n)).toEqual([1, 2, 3, 4, 5]);
    expect(left.sent.length).toBeGreaterThan(2);
  });

  it("refuse what cannot be copied: then nobody has it, and the rest goes on", async () => {
    const [a, b] = [make(), make()];
    link(a, b, { highWaterMark: 2 });
    const inA = collect(a, "x");
    const inB = collect(b, "x");
    const fails = () => undefined;
    await settle(ports);
    a.post("x", 1);
    expect(() => a.post("x", fails)).toThrow(/could not be cloned/);
    await expect(a.publish("x", { f: () => 1 })).rejects.toMatchObject({ name: "DataCloneError" });
    const pending = [a.publish("x", 2), a.publish("x", 3)];
    await expect(a.publish("x", Symbol("s"))).rejects.toMatchObject({ name: "DataCloneError" });
    await settle(ports);
    await Promise.all(pending);
    expect(inA).toEqual([1, 2, 3]);
    expect(inB).toEqual([1, 2, 3]);
  });

  it("stay connected where reading a message throws", async () => {
    const [a, b] = [make(), make()];
    const inB = collect(b, "x");
    const { connection } = link(a, b);
    await settle(ports);
    class Broken {
      readonly part = 1;
    }
    const get = (): never => {
      throw new Error("no part");
    };
    const broken = Object.defineProperty(new Broken(), "part", { enumerable: true, get });
    expect(() => a.post("x", broken)).toThrow("no part");
    expect(a.post("x", 1)).toBe(true);
    await settle(ports);
    expect(connection.open).toBe(true);
    expect(inB).toEqual([1]);
    expect(errors).toEqual([]);
  });

  it("pass a slow subscriber's back-pressure on, with few messages under way", async () => {
    const [a, b] = [make(), make()];
    const { right } = link(a, b, { highWaterMark: 3 });
    const seen: unknown[] = [];
    let release: () => void = () => undefined;
    b.subscribe(
      "x",
      async (message) => {
        await new Promise<void>((resolve) => (release = resolve));
        seen.push(message);
      },
      { highWaterMark: 1 },
    );
    await settle(ports);
    let accepted = 0;
    const published = Array.from({ length: 20 }, (_, n) => a.publish("x", n).then(() => (accepted += 1)));
    await settle(ports);
    expect(accepted).toBe(1);
    expect(a.post("x", "full")).toBe(false);
    expect(right.waiting).toEqual([]);
    for (let n = 0; n < 20; n += 1) {
      release();
      await settle(ports);
      expect(accepted).toBe(Math.min(20, n + 2));
    }
    await Promise.all(published);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it("settle what is under way when one dies, and go on without it", async () => {
    const [a, b] = [make(), make()];
    const { left, connection } = link(a, b, { highWaterMark: 2 });
    const inA = collect(a, "x");
    collect(b, "x");
    await settle(ports);
    const lost = [1, 2, 3].map((n) => a.publish("x", n));
    left.die();
    for (const promise of lost) await expect(promise).rejects.toThrow(/"x" may not have reached/);
    expect(connection.open).toBe(false);
    await expect(connection.ready()).resolves.toBeUndefined();
    await a.publish("x", 4);
    expect(inA).toEqual([1, 2, 3, 4]);
    expect(errors).toEqual([]);
  });

  it("tell onError about posted messages that a dying connection lost", async () => {
    const [a, b] = [make(), make()];
    const { left } = link(a, b);
    collect(b, "x");
    await settle(ports);
    expect(a.post("x", 1)).toBe(true);
    left.die();
    await turn();
    expect(errors).toMatchObject([{ name: "UndeliveredError", topic: "x" }]);
  });

  it("end a connection together; what was sent before still arrives", async () => {
    const [a, b] = [make(), make()];
    const { connection } = link(a, b);
    const inB = collect(b, "x");
    await settle(ports);
    const published = a.publish("x", 1);
    connection.close();
    connection.close();
    await expect(published).rejects.toThrow(/closed before it was accepted/);
    await settle(ports);
    expect(inB).toEqual([1]);
    expect(b.hasSubscribers("nothing")).toBe(false);
    expect(ports.every((port) => port.listenerCount("message") === 0)).toBe(true);
    expect(ports.every((port) => port.listenerCount("close") === 0)).toBe(true);
  });

  it("answer for what came before they end the connection", async () => {
    const [a, b] = [make(), make()];
    link(a, b);
    // Before the answer is sent by itself.
    const last = b.messages("last").next();
    void last.then(() => b.close());
    await settle(ports);
    const published = expect(a.publish("last", 1)).resolves.toBeUndefined();
    await settle(ports);
    await published;
    expect(a.hasSubscribers("last")).toBe(false);
  });

  it("are not ready where the other side ends before it speaks", async () => {
    const a = make();
    const [left, right] = testChannel();
    const connection = a.connect(left, { ref: false });
    const ready = connection.ready();
    right.close();
    await expect(ready).rejects.toThrow(/before it was ready/);
    await expect(connection.ready()).rejects.toThrow(/before it was ready/);
  });
});

describe("a port", () => {
  it("may carry other messages too, which are left alone", async () => {
    const [a, b] = [make(), make()];
    const { left, right } = link(a, b);
    const seen = collect(b, "x");
    for (const foreign of ["hello", null, { bus: 1 }, { bus: "opsvi-agents/bus/1" }, [1]])
      left.postMessage(foreign);
    await settle(ports);
    a.post("x", 1);
    right.emit("messageerror_other");
    await settle(ports);
    expect(seen).toEqual([1]);
    expect(errors).toEqual([]);
  });

  it.each([
    ["no hello", [3, "x", []]],
    ["an unknown code", [0, "peer", 77]],
    ["too little", [0]],
    ["no text", [0, 1]],
    ["no list", [0, "peer", 4, "peer", "x"]],
    ["a list of no texts", [0, "peer", 4, "peer", [1]]],
    ["no count", [0, "peer", 5, -1, "x", 1]],
    ["an answer to nothing", [0, "peer", 7, 1, 5]],
    ["two hellos", [0, "peer", 0, "peer"]],
  ])("that speaks nonsense is closed with a clear error: %s", async (_, items) => {
    const a = make();
    const [left, right] = testChannel();
    const connection = a.connect(left);
    right.postMessage({ bus: "opsvi-agents/bus/1", items });
    await settle([left, right]);
    expect(connection.open).toBe(false);
    expect(errors).toMatchObject([{ message: expect.stringMatching(/what is no packet/) as string }]);
  });

  it("whose messages cannot be read is closed", () => {
    const a = make();
    const [left] = testChannel();
    const connection = a.connect(left);
    left.emit("messageerror", new Error("no"));
    expect(connection.open).toBe(false);
    expect(errors).toMatchObject([{ message: expect.stringMatching(/could not be read/) as string }]);
  });

  it("that takes no messages ends the connection", async () => {
    for (const message of [1, new Date(0)]) {
      errors = [];
      const [a, b] = [make(), make()];
      const { left, connection } = link(a, b);
      collect(b, "x");
      await settle(ports);
      left.postMessage = () => {
        throw new Error("gone");
      };
      await expect(a.publish("x", message)).rejects.toThrow(/may not have reached/);
      expect(connection.open).toBe(false);
      expect(errors).toMatchObject([{ message: expect.stringMatching(/takes no messages/) as string }]);
    }
  });

  it("must not lead back to the same bus", async () => {
    const a = make();
    const { connection } = link(a, a);
    await settle(ports);
    expect(connection.open).toBe(false);
    expect(errors).toMatchObject([{ name: "AgentUsageError" }, { name: "AgentUsageError" }]);
  });

  it("needs neither start, close nor unref", async () => {
    const [a, b] = [make(), make()];
    const [left, right] = testChannel();
    const bare = (port: TestPort) => ({
      postMessage: (value: unknown) => port.postMessage(value),
      on: (event: string, listener: (value: unknown) => void) => port.on(event, listener),
      off: (event: string, listener: (value: unknown) => void) => port.off(event, listener),
    });
    const connection = a.connect(bare(left), { ref: false });
    const other = b.connect(bare(right));
    const seen = collect(b, "x");
    await settle([left, right]);
    a.post("x", 1);
    connection.close();
    await settle([left, right]);
    expect(seen).toEqual([1]);
    expect(other.open).toBe(false);
  });
});

describe("a star of buses", () => {
  it("has a new arm's messages reach all others as soon as it is ready", async () => {
    const [hub, old] = [make(), make()];
    link(hub, old);
    const seen = collect(old, "x");
    await settle(ports);
    const arm = make();
    const { left, right, connection } = link(hub, arm);
    // Only the new connection speaks: the old arm knows nothing of it yet.
    await settle([left, right]);
    await connection.ready();
    expect(arm.post("x", 1)).toBe(true);
    expect(ports[1]?.waiting.length).toBeGreaterThan(0);
    await settle(ports);
    expect(seen).toEqual([1]);
  });

  it("relays between its arms, each message once, and only where it is wanted", async () => {
    const hub = make();
    const arms = [make(), make(), make()];
    const links = arms.map((arm) => link(hub, arm));
    const seen = arms.map((arm) => collect(arm, "x"));
    arms[2]?.subscribe("only", () => undefined);
    await settle(ports);
    const published = arms[0]?.publish("x", "from 0");
    await settle(ports);
    await published;
    expect(seen).toEqual([["from 0"], ["from 0"], ["from 0"]]);
    arms[0]?.post("only", "s3cret");
    await settle(ports);
    expect(wire(links[2]?.left as TestPort)).toContain("s3cret");
    expect(wire(links[1]?.left as TestPort)).not.toContain("s3cret");
  });

  it("reports to the publisher what an arm lost when it died", async () => {
    const [hub, a, b] = [make(), make(), make()];
    link(hub, a);
    const { left } = link(hub, b);
    collect(b, "x");
    await settle(ports);
    const published = a.publish("x", new Date(0));
    // It has come to the hub, and no further.
    for (const port of ports.slice(0, 2)) while (port.waiting.length > 0) port.deliver();
    expect(left.other.waiting).toHaveLength(1);
    left.die();
    const rejected = expect(published).rejects.toThrow(/may not have reached/);
    await settle(ports);
    await rejected;
  });
});

describe("buses that come and go", () => {
  it("leave nothing behind at the one that stays", async () => {
    const hub = make();
    const steady = make();
    const { left } = link(hub, steady);
    const seen = collect(steady, "x");
    await settle(ports);
    for (let n = 0; n < 1010; n += 1) {
      const visitor = make();
      const { connection } = link(hub, visitor);
      await settle(ports.slice(-2));
      visitor.post("x", n);
      await settle(ports);
      connection.close();
      await settle(ports);
      ports.splice(2);
    }
    expect(seen).toEqual(Array.from({ length: 1010 }, (_, n) => n));
    // What is said about the last one is what was said about the first one.
    const packets = left.sent.length;
    expect(packets).toBeLessThan(1010 * 5);
    expect(errors).toEqual([]);
  });
});

describe("a ring of buses", () => {
  it("delivers once, forgets who unsubscribed, and stands the loss of a connection", async () => {
    const ring = [make(), make(), make(), make()];
    const links = ring.map((bus, i) => link(bus, ring[(i + 1) % 4] ?? bus));
    const seen = ring.map((bus) => collect(bus, "x"));
    const off = ring[2]?.subscribe("y", () => undefined);
    await settle(ports);
    const publish = async (n: number) => {
      const published = ring.map((bus, i) => bus.publish("x", `${n} of ${i}`));
      await settle(ports);
      await Promise.all(published);
    };
    await publish(1);
    links[0]?.connection.close();
    await settle(ports);
    await publish(2);
    const all = [1, 2].flatMap((n) => [0, 1, 2, 3].map((i) => `${n} of ${i}`));
    for (const list of seen) expect(list.sort()).toEqual(all);
    expect(ring.map((bus) => bus.hasSubscribers("y"))).toEqual([true, true, true, true]);
    off?.();
    await settle(ports);
    expect(ring.map((bus) => bus.hasSubscribers("y"))).toEqual([false, false, false, false]);
    expect(errors).toEqual([]);
  });
});

describe("routes", () => {
  it("keep the first way while it stands, then take the shortest; ways through oneself are none", () => {
    const routes = new Routes<string>("me");
    routes.learn("l1", "me", ["me"]);
    routes.learn("l1", "far", ["a", "b", "far"]);
    routes.learn("l2", "far", ["c", "d", "e", "far"]);
    routes.learn("l3", "far", ["far"]);
    routes.learn("l4", "far", ["x", "me", "far"]);
    expect(routes.chosen("me")).toBeUndefined();
    expect(routes.chosen("far")).toBe("l1");
    expect(routes.offeredBy("l2")).toEqual(["far"]);
    expect(routes.offeredBy("l4")).toEqual([]);
    expect(routes.offersTo("l1", "a").size).toBe(0);
    expect(routes.offersTo("l2", "b").size).toBe(0);
    expect(routes.offersTo("l2", "far").size).toBe(0);
    expect([...routes.offersTo("l2", "c")]).toEqual([["far", ["me", "a", "b", "far"]]]);
    expect(routes.drop("l1")).toEqual([]);
    expect(routes.chosen("far")).toBe("l3");
    routes.learn("l3", "far", ["z", "me", "far"]);
    expect(routes.chosen("far")).toBe("l2");
    expect(routes.forget("l9", "far")).toBe(false);
    expect(routes.drop("l2")).toEqual(["far"]);
    expect(routes.chosen("far")).toBeUndefined();
  });
});

describe("copies that wait to be sent", () => {
  const shared = { a: 1 };
  const circular: unknown[] = [];
  circular.push(circular);
  const holes = [1, , 2];
  it.each([
    ["null", null],
    ["a number that JSON lacks", NaN],
    ["a bigint", 5n],
    ["undefined in a record", { a: undefined }],
    ["nested records and lists", { a: [1, { b: ["x", null] }] }],
  ])("are made of plain data: %s", (_, message) => {
    expect(copyPlain(message)).toStrictEqual({ copy: message });
    if (typeof message === "object" && message !== null) expect(copyPlain(message)?.copy).not.toBe(message);
  });

  it.each([
    ["a function", () => 1],
    ["a symbol in it", { s: Symbol("s") }],
    ["a date", [new Date(0)]],
    ["an instance", Object.create({ x: 1 })],
    ["something twice in it", { a: shared, b: shared }],
    ["itself in it", circular],
    ["holes", holes],
    ["fields of a list", Object.assign([1], { own: 1 })],
    ["a prototype key", JSON.parse('{"__proto__":{"x":1}}')],
    ["many values", Array.from({ length: 65 }, (_, i) => i)],
    ["many fields", Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i]))],
  ])("are not made of %s", (_, message: unknown) => {
    expect(copyPlain(message)).toBeNull();
  });
});

it("runs over real ports, and closing lets what was sent arrive", async () => {
  const [a, b] = [make(), make()];
  const { port1, port2 } = new MessageChannel();
  const connection = a.connect(port1);
  b.connect(port2, { ref: false });
  const messages = b.messages("x");
  await connection.ready();
  await a.publish("x", { n: 1, shared: new SharedArrayBuffer(4) });
  expect(a.post("x", { n: 2 })).toBe(true);
  expect(a.post("x", new Map([[1, 2]]))).toBe(true);
  a.close();
  expect((await messages.next()).value).toMatchObject({
    n: 1,
    shared: expect.any(SharedArrayBuffer) as unknown,
  });
  expect((await messages.next()).value).toEqual({ n: 2 });
  expect((await messages.next()).value).toEqual(new Map([[1, 2]]));
});
