import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { MessageBus } from "../../../../src/runtime/messaging/bus.ts";
import { UndeliveredError } from "../../../../src/runtime/messaging/delivery.ts";

interface Topics {
  "task.done": { id: string };
  "task.failed": { id: string; why: string };
  tick: number;
}

let errors: [unknown, string | null][];
let bus: MessageBus<Topics>;
const make = (highWaterMark?: number) =>
  new MessageBus<Topics>({ highWaterMark, onError: (error, topic) => errors.push([error, topic]) });

beforeEach(() => {
  errors = [];
  bus = make();
});
afterEach(() => {
  bus.close();
  vi.restoreAllMocks();
});

/** A promise, and whether it has settled yet. */
function watch(promise: Promise<unknown>): { settled: boolean } {
  const watched = { settled: false };
  const settle = () => (watched.settled = true);
  promise.then(settle, settle);
  return watched;
}
const turns = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};
function gate(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe("topics", () => {
  it("reach their subscribers at once, and those of a prefix", async () => {
    const seen: unknown[] = [];
    bus.subscribe("task.done", (message, topic) => seen.push(["one", topic, message.id]));
    bus.subscribe("task.*", (message, topic) => seen.push(["prefix", topic, message.id]));
    bus.subscribe("*", (_, topic) => seen.push(["all", topic]));
    const published = bus.publish("task.done", { id: "1" });
    expect(seen).toEqual([
      ["one", "task.done", "1"],
      ["prefix", "task.done", "1"],
      ["all", "task.done"],
    ]);
    await published;
    await bus.publish("tick", 1);
    expect(seen.slice(3)).toEqual([["all", "tick"]]);
  });

  it("type their messages", () => {
    bus.subscribe("tick", (message, topic) => {
      expectTypeOf(message).toEqualTypeOf<number>();
      expectTypeOf(topic).toEqualTypeOf<"tick">();
    });
    bus.subscribe("task.*", (message, topic) => {
      expectTypeOf(message).toEqualTypeOf<{ id: string } | { id: string; why: string }>();
      expectTypeOf(topic).toEqualTypeOf<"task.done" | "task.failed">();
    });
    new MessageBus().subscribe("any.*", (message, topic) => {
      expectTypeOf(message).toBeUnknown();
      expectTypeOf(topic).toBeString();
    });
    // @ts-expect-error: no such topic
    bus.subscribe("tock", () => undefined)();
    // @ts-expect-error: another message
    void bus.publish("tick", "1");
  });

  it("are texts, and publishing takes no pattern", async () => {
    const untyped = new MessageBus();
    await expect(untyped.publish("task.*", 1)).rejects.toThrow(/Subscribe with it, publish without it/);
    expect(() => untyped.post("", 1)).toThrow(/text that is not empty/);
    expect(() => untyped.subscribe(7 as unknown as string, () => 1)).toThrow(/text that is not empty/);
    expect(() => untyped.messages("")).toThrow(/text that is not empty/);
    expect(() => new MessageBus({ highWaterMark: -1 })).toThrow(/highWaterMark .* -1 is not/);
    expect(() => untyped.subscribe("x", () => 1, { highWaterMark: 0.5 })).toThrow(/0.5 is not/);
  });

  it("may be as many as there are", () => {
    const untyped = new MessageBus();
    let count = 0;
    untyped.subscribe("n.*", () => (count += 1));
    for (let i = 0; i < 3000; i += 1) untyped.post(`n.${i}`, i);
    untyped.post("m", 1);
    expect(count).toBe(3000);
  });
});

describe("a subscriber", () => {
  it("gets only what comes later, until it unsubscribes", () => {
    const seen: number[] = [];
    bus.post("tick", 1);
    const off = bus.subscribe("tick", (n) => seen.push(n));
    expect(bus.hasSubscribers("tick")).toBe(true);
    bus.post("tick", 2);
    off();
    off();
    bus.post("tick", 3);
    expect(seen).toEqual([2]);
    expect(bus.hasSubscribers("tick")).toBe(false);
  });

  it("sees messages in order although handlers publish", () => {
    const seen: string[] = [];
    bus.subscribe("tick", (n) => {
      seen.push(`a${n}`);
      if (n < 3) bus.post("tick", n + 1);
    });
    bus.subscribe("tick", (n) => seen.push(`b${n}`));
    bus.post("tick", 1);
    expect(seen.filter((s) => s.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(seen.filter((s) => s.startsWith("b"))).toEqual(["b1", "b2", "b3"]);
  });

  it("can unsubscribe in its handler, also another one, and gets nothing more", async () => {
    const seen: string[] = [];
    const off = bus.subscribe("tick", (n) => {
      seen.push(`a${n}`);
      bus.post("tick", 2);
      off();
      offB();
      bus.post("tick", 3);
    });
    const offB = bus.subscribe("tick", (n) => seen.push(`b${n}`));
    await bus.publish("tick", 1);
    expect(seen).toEqual(["a1", "b1", "b2"]);
  });

  it("handles one message at a time", async () => {
    const gates = [gate(), gate()];
    const seen: string[] = [];
    bus.subscribe("tick", async (n) => {
      seen.push(`start ${n}`);
      await gates[n]?.opened;
      seen.push(`end ${n}`);
    });
    await Promise.all([bus.publish("tick", 0), bus.publish("tick", 1)]);
    expect(seen).toEqual(["start 0"]);
    gates[1]?.open();
    await turns();
    expect(seen).toEqual(["start 0"]);
    gates[0]?.open();
    await turns();
    expect(seen).toEqual(["start 0", "end 0", "start 1", "end 1"]);
  });

  it("that throws, rejects or gives a hostile promise harms nobody", async () => {
    const seen: number[] = [];
    bus.subscribe("tick", () => {
      throw new Error("thrown");
    });
    bus.subscribe("tick", () => Promise.reject(new Error("rejected")), { highWaterMark: 0 });
    const hostile = {
      get then() {
        throw new Error("hostile");
      },
    };
    bus.subscribe("tick", () => hostile);
    bus.subscribe("tick", (n) => seen.push(n));
    await bus.publish("tick", 1);
    await bus.publish("tick", 2);
    expect(seen).toEqual([1, 2]);
    const messages = errors.map(([error, topic]) => `${topic ?? ""}: ${(error as Error).message}`);
    expect(messages.sort()).toEqual(
      ["hostile", "hostile", "rejected", "rejected", "thrown", "thrown"].map((m) => `tick: ${m}`),
    );
  });

  it("that throws is a warning of the process where nobody listens, or where the listener throws", () => {
    const warned: string[] = [];
    vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warned.push(String(warning)));
    const quiet = new MessageBus<Topics>();
    quiet.subscribe("tick", () => {
      throw new Error("first");
    });
    quiet.post("tick", 1);
    const loud = new MessageBus<Topics>({
      onError: () => {
        throw new Error("third");
      },
    });
    loud.subscribe("tick", () => {
      throw new Error("second");
    });
    loud.post("tick", 1);
    expect(warned).toEqual(["Message bus: first Topic: tick.", "Message bus: third Topic: tick."]);
  });
});

describe("back-pressure", () => {
  it("makes publish wait as soon as a subscriber has as many unhandled messages as it accepts", async () => {
    const gates = Array.from({ length: 5 }, gate);
    const ended: number[] = [];
    bus.subscribe(
      "tick",
      async (n) => {
        await gates[n]?.opened;
        ended.push(n);
      },
      { highWaterMark: 2 },
    );
    const published = [0, 1, 2, 3, 4].map((n) => watch(bus.publish("tick", n)));
    const settled = () => published.map((p) => p.settled);
    await turns();
    expect(settled()).toEqual([true, true, false, false, false]);
    gates[0]?.open();
    await turns();
    expect(settled()).toEqual([true, true, true, false, false]);
    for (const { open } of gates) open();
    await turns();
    expect(settled()).toEqual([true, true, true, true, true]);
    expect(ended).toEqual([0, 1, 2, 3, 4]);
  });

  it("makes publish wait for the end of the handler where nothing is accepted ahead", async () => {
    const { open, opened } = gate();
    bus.subscribe("tick", () => opened, { highWaterMark: 0 });
    const published = watch(bus.publish("tick", 1));
    await turns();
    expect(published.settled).toBe(false);
    expect(bus.post("tick", 2)).toBe(false);
    open();
    await turns();
    expect(published.settled).toBe(true);
  });

  it("waits no longer for a subscriber that is gone", async () => {
    const forever = new Promise(() => undefined);
    const off = bus.subscribe("tick", () => forever, { highWaterMark: 0 });
    const published = [watch(bus.publish("tick", 1)), watch(bus.publish("tick", 2))];
    await turns();
    expect(published.map(({ settled }) => settled)).toEqual([false, false]);
    off();
    await turns();
    expect(published.map(({ settled }) => settled)).toEqual([true, true]);
  });

  it("lets post give up: then nobody has the message", async () => {
    const { open, opened } = gate();
    const seen: number[] = [];
    bus.subscribe("tick", (n) => seen.push(n));
    bus.subscribe("tick", () => opened, { highWaterMark: 2 });
    expect([1, 2, 3].map((n) => bus.post("tick", n))).toEqual([true, true, false]);
    expect(seen).toEqual([1, 2]);
    open();
    await turns();
    expect(bus.post("tick", 4)).toBe(true);
    expect(seen).toEqual([1, 2, 4]);
  });

  it("keeps order over thousands of waiting messages", async () => {
    const { open, opened } = gate();
    const seen: number[] = [];
    bus.subscribe("tick", async (n) => {
      if (n === 0) await opened;
      seen.push(n);
    });
    const numbers = Array.from({ length: 5000 }, (_, n) => n);
    const published = Promise.all(numbers.map((n) => bus.publish("tick", n)));
    open();
    await published;
    await bus.publish("tick", 5000);
    for (let i = 0; seen.length < 5001 && i < 1000; i += 1) await turns();
    expect(seen).toEqual([...numbers, 5000]);
  });
});

describe("messages as an iterable", () => {
  it("come from the call on, in order, until the loop is left", async () => {
    const messages = bus.messages("tick");
    for (const n of [1, 2, 3]) bus.post("tick", n);
    const seen: number[] = [];
    for await (const n of messages) {
      seen.push(n);
      if (n === 2) break;
    }
    expect(seen).toEqual([1, 2]);
    expect(bus.hasSubscribers("tick")).toBe(false);
    expect(await messages.next()).toEqual({ done: true, value: undefined });
    expect(await messages.return()).toEqual({ done: true, value: undefined });
  });

  it("are waited for by several at once, and end with the bus", async () => {
    const messages = bus.messages("task.*");
    const waiting = [messages.next(), messages.next(), messages.next()];
    bus.post("task.done", { id: "1" });
    await bus.publish("task.done", { id: "2" });
    bus.close();
    expect(await Promise.all(waiting)).toEqual([
      { done: false, value: { id: "1" } },
      { done: false, value: { id: "2" } },
      { done: true, value: undefined },
    ]);
  });

  it("slow publishing down", async () => {
    const messages = bus.messages("tick", { highWaterMark: 1 });
    expect(bus.post("tick", 1)).toBe(true);
    expect(bus.post("tick", 2)).toBe(false);
    const published = watch(bus.publish("tick", 2));
    await turns();
    expect(published.settled).toBe(false);
    await messages.next();
    await turns();
    expect(published.settled).toBe(true);
    const left = watch(bus.publish("tick", 3));
    await messages.return();
    await turns();
    expect(left.settled).toBe(true);
  });

  it("that were accepted outlive the bus", async () => {
    const messages = bus.messages("tick");
    bus.post("tick", 1);
    bus.close();
    const seen: number[] = [];
    for await (const n of messages) seen.push(n);
    expect(seen).toEqual([1]);
  });
});

describe("a closed bus", () => {
  it("takes nothing more and says so, but handles what it has", async () => {
    const { open, opened } = gate();
    const seen: number[] = [];
    bus.subscribe("tick", async (n) => {
      await opened;
      seen.push(n);
    });
    await Promise.all([bus.publish("tick", 1), bus.publish("tick", 2)]);
    bus.close();
    bus.close();
    await expect(bus.publish("tick", 3)).rejects.toThrow(/bus was closed: make a new one/);
    expect(() => bus.post("tick", 3)).toThrow(/closed/);
    expect(() => bus.subscribe("tick", () => 1)).toThrow(/closed/);
    expect(() => bus.messages("tick")).toThrow(/closed/);
    expect(() => bus.connect({} as never)).toThrow(/closed/);
    open();
    await turns();
    expect(seen).toEqual([1, 2]);
  });

  it("keeps nobody waiting for subscribers that handle nothing more", async () => {
    const bus = new MessageBus();
    const loop = bus.messages("x", { highWaterMark: 1 });
    bus.subscribe("x", () => new Promise(() => undefined), { highWaterMark: 0 });
    const published = [1, 2, 3].map((n) => bus.publish("x", n));
    bus.close();
    await Promise.all(published);
    const seen: unknown[] = [];
    for await (const message of loop) seen.push(message);
    expect(seen).toEqual([1, 2, 3]);
  });

  it("names what was not delivered", () => {
    const error = new UndeliveredError("tick", "it rained");
    expect(error).toMatchObject({ name: "UndeliveredError", topic: "tick" });
    expect(error.message).toMatch(/"tick" may not have reached .* because it rained/);
  });
});
