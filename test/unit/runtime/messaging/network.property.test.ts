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
  /** Which buses are known to know of it. */
  live: Set<number>;
  /** What was published while they did. */
  due: Published[];
  active: boolean;
  off: () => void;
}

const fits = (pattern: string, topic: string) =>
  pattern.endsWith("*") ? topic.startsWith(pattern.slice(0, -1)) : topic === pattern;

const same = (a: Published, b: Published) => a.bus === b.bus && a.n === b.n;

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
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("cut" as const), which: fc.nat(), dead: fc.boolean() }),
  },
);

/** Which buses a bus is connected with. */
function reach(edges: readonly [number, number, TestPort][], start: number): Set<number> {
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
  const runs = fc.asyncProperty(fc.array(step, { maxLength: 120, size: "max" }), async (steps) => {
    const errors: unknown[] = [];
    const buses = Array.from(
      { length: busCount },
      () => new MessageBus<Record<string, { from: Published }>>({ onError: (error) => errors.push(error) }),
    );
    const ports: TestPort[] = [];
    let edges: [number, number, TestPort][] = [];
    const failed = new Set<Published>();
    const settled = new Set<Published>();
    const published: Published[][] = buses.map(() => []);
    const subscribed: Subscribed[] = [];
    const publishing: Promise<void>[] = [];
    const at = () => published.map((list) => list.length);
    for (const s of steps) {
      if (s.do === "connect" && s.bus !== s.to && edges.length < 6) {
        const [a, b] = testChannel();
        ports.push(a, b);
        edges.push([s.bus, s.to, a]);
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
        const live = new Set([index]);
        subscribed.push({ bus: index, pattern, got, from: at(), live, due: [], active: true, off });
      } else if (s.do === "unsubscribe" && subscribed.length > 0) {
        const one = subscribed[s.which % subscribed.length];
        one?.off();
        if (one !== undefined) Object.assign(one, { active: false, due: [] });
      } else if (s.do === "publish") {
        const message = { bus: s.bus, topic: s.topic, n: published[s.bus]?.length ?? 0 };
        published[s.bus]?.push(message);
        const sent = buses[s.bus]?.publish(s.topic, { from: message });
        if (sent !== undefined)
          publishing.push(sent.catch(() => void failed.add(message)).then(() => void settled.add(message)));
        for (const one of subscribed)
          if (one.active && one.live.has(s.bus) && fits(one.pattern, s.topic)) one.due.push(message);
      } else if (s.do === "deliver" && ports.length > 0) ports[s.which % ports.length]?.deliver();
      else if (s.do === "turn") await turn();
      else if (s.do === "settle") {
        await settle(ports);
        for (const one of subscribed) one.live = reach(edges, one.bus);
      } else if (s.do === "cut" && edges.length > 0) {
        const gone = edges[s.which % edges.length];
        edges = edges.filter((edge) => edge !== gone);
        if (s.dead) gone?.[2].die();
        else gone?.[2].close();
        for (const one of subscribed) {
          one.live = new Set([one.bus]);
          // What others have under way does not find a subscriber whose connection has ended.
          one.due = one.due.filter(
            (message) => settled.has(message) || message.bus === one.bus || gone?.includes(message.bus),
          );
        }
        await turn();
      }
    }
    for (let i = 0; i < 200 && settled.size < publishing.length; i += 1) await settle(ports);
    // No promise hangs.
    expect(settled.size).toBe(publishing.length);
    // Everybody accepts before all is handled.
    for (let i = 0; i < 20; i += 1) await settle(ports);
    expect(errors).toEqual([]);
    for (const one of subscribed) {
      for (let i = 0; i < busCount; i += 1) {
        const own = (published[i] ?? []).filter(({ topic }) => fits(one.pattern, topic));
        const got = one.got.filter((message) => message.bus === i).map(({ n }) => n);
        // Nothing out of order; what another bus published before may still be on its way.
        expect(got).toEqual([...new Set(got)].sort((x, y) => x - y));
        if (i === one.bus) expect(got[0] ?? Infinity).toBeGreaterThanOrEqual(one.from[i] ?? 0);
        for (const topic of steps.some((s) => s.do === "cut") ? [] : topics) {
          // Nothing twice, nothing missing.
          const gotOf = one.got.filter(
            (message) => message.bus === i && message.topic === topic && message.n >= (one.from[i] ?? 0),
          );
          const [first, last] = [gotOf[0]?.n ?? 0, gotOf.at(-1)?.n ?? -1];
          const between = own.filter(({ topic: its, n }) => its === topic && n >= first && n <= last);
          expect(gotOf).toEqual(between);
        }
      }
      for (const message of one.due) {
        if (!one.got.some((got) => same(got, message))) expect(failed).toContain(message);
      }
    }
    // Nothing fails unless a connection ended.
    if (!steps.some((s) => s.do === "cut")) expect(failed.size).toBe(0);
    for (const one of buses) one.close();
  });
  await fc.assert(runs, { numRuns: 600 });
});
