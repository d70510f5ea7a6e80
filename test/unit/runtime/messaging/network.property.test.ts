import fc from "fast-check";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { MessageBus } from "../../../../src/runtime/messaging/bus.ts";
import { settle, testChannel, type TestPort } from "./channel.ts";

const topics = ["a.1", "a.2", "b"] as const;
const patterns = [...topics, "a.*", "*"];
const busCount = 4;

interface Published {
  bus: number;
  topic: string;
  /** Counts the messages of a bus. */
  n: number;
}
interface Subscribed {
  bus: number;
  pattern: string;
  got: Published[];
  /** How many messages each bus had published. */
  from: number[];
  /** From which message on it must have all; null while that is not settled. */
  due: (number | null)[];
  /** Null while it is subscribed. */
  until: number[] | null;
  off: () => void;
}

const fits = (pattern: string, topic: string) =>
  pattern.endsWith("*") ? topic.startsWith(pattern.slice(0, -1)) : topic === pattern;

const bus = fc.nat({ max: busCount - 1 });
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("connect" as const), bus, to: bus }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("subscribe" as const),
      bus,
      pattern: fc.constantFrom(...patterns),
      slow: fc.boolean(),
      highWaterMark: fc.constantFrom(0, 1, 3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unsubscribe" as const), which: fc.nat() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("publish" as const),
      bus,
      topic: fc.constantFrom(...topics),
      nested: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("deliver" as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
);

/** Which buses a bus is connected with. */
function reach(edges: readonly [number, number][], start: number): Set<number> {
  const found = new Set([start]);
  for (const at of found) {
    for (const [a, b] of edges) {
      if (a === at) found.add(b);
      if (b === at) found.add(a);
    }
  }
  return found;
}

it("gives each subscriber exactly its sequence, however buses are connected and whatever is slow", async () => {
  const runs = fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
    const errors: unknown[] = [];
    const buses = Array.from(
      { length: busCount },
      () => new MessageBus<Record<string, { from: Published }>>({ onError: (error) => errors.push(error) }),
    );
    const ports: TestPort[] = [];
    const edges: [number, number][] = [];
    const published: Published[][] = buses.map(() => []);
    const subscribed: Subscribed[] = [];
    const publishing: Promise<void>[] = [];
    const at = () => published.map((list) => list.length);
    for (const s of steps) {
      if (s.do === "connect" && s.bus !== s.to && edges.length < 6) {
        const [a, b] = testChannel();
        ports.push(a, b);
        edges.push([s.bus, s.to]);
        buses[s.bus]?.connect(a, { highWaterMark: 2 });
        buses[s.to]?.connect(b, { highWaterMark: 2 });
      } else if (s.do === "subscribe") {
        const { bus: index, pattern, slow, highWaterMark } = s;
        const got: Published[] = [];
        const handler = async ({ from }: { from: Published }) => {
          got.push(from);
          if (slow) await turn();
        };
        const off = buses[index]?.subscribe(pattern as "*", handler, { highWaterMark });
        if (off === undefined) throw new Error("no bus");
        const from = at();
        const due = from.map((count, i) => (i === index ? count : null));
        subscribed.push({ bus: index, pattern, got, from, due, until: null, off });
      } else if (s.do === "unsubscribe" && subscribed.length > 0) {
        const one = subscribed[s.which % subscribed.length];
        if (one?.until === null) {
          one.off();
          one.until = at();
        }
      } else if (s.do === "publish") {
        const message = { bus: s.bus, topic: s.topic, n: published[s.bus]?.length ?? 0 };
        published[s.bus]?.push(message);
        const sent = buses[s.bus]?.publish(s.topic, { from: message });
        if (sent !== undefined) publishing.push(sent);
      } else if (s.do === "deliver" && ports.length > 0) ports[s.which % ports.length]?.deliver();
      else if (s.do === "turn") await turn();
      else if (s.do === "settle") {
        await settle(ports);
        for (const one of subscribed.filter(({ until }) => until === null)) {
          const reached = reach(edges, one.bus);
          one.due = one.due.map((due, i) => due ?? (reached.has(i) ? (at()[i] ?? 0) : null));
        }
      }
    }
    let pending = true;
    void Promise.all(publishing).then(() => (pending = false));
    for (let i = 0; i < 200 && pending; i += 1) await settle(ports);
    expect(pending).toBe(false);
    // Everybody accepts before all is handled.
    for (let i = 0; i < 20; i += 1) await settle(ports);
    expect(errors).toEqual([]);
    for (const one of subscribed) {
      for (let i = 0; i < busCount; i += 1) {
        const own = (published[i] ?? []).filter(({ topic }) => fits(one.pattern, topic));
        const got = one.got.filter((message) => message.bus === i).map(({ n }) => n);
        const first = got[0];
        if (first !== undefined) {
          // Nothing twice, nothing missing, nothing out of order.
          expect(got).toEqual(own.map(({ n }) => n).filter((n) => n >= first && n <= (got.at(-1) ?? 0)));
          expect(first).toBeGreaterThanOrEqual(one.from[i] ?? 0);
        }
        const due = one.due[i];
        if (due === null || due === undefined) continue;
        const mustHave = own.map(({ n }) => n).filter((n) => n >= due);
        if (one.until === null) expect(got).toEqual(expect.arrayContaining(mustHave));
        else for (const n of got) expect(n).toBeLessThan(one.until[i] ?? 0);
      }
    }
    for (const one of buses) one.close();
  });
  await fc.assert(runs, { numRuns: 150 });
});
