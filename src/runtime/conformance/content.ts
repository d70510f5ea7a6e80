import assert from "node:assert/strict";
import type { CheckpointStore } from "../core/checkpointStore.ts";
import { type Check, draft } from "./types.ts";

const keeps = (store: CheckpointStore, value: unknown): void => {
  const saved = store.save(draft({ context: value, task: value }));
  assert.deepEqual(saved.lost, []);
  const loaded = store.load(saved.id);
  assert.deepEqual(loaded?.context, value);
  assert.deepEqual(loaded?.task, value);
};

const secret = "sk-abcdefghijklmnopqrstuvwx";

/** What values survive, and that secrets do not. */
export const contentCases: readonly Check[] = [
  {
    name: "keeps numbers that JSON lacks, undefined, bigint and lone surrogates",
    check: (store) =>
      keeps(store, [
        NaN,
        Infinity,
        -Infinity,
        -0,
        2n ** 70n,
        undefined,
        { a: undefined },
        "\ud800",
        "\0\u2028é",
      ]),
  },
  {
    name: "keeps Map, Set, Date, RegExp, URL, typed arrays and buffers",
    check: (store) => {
      keeps(store, {
        map: new Map<unknown, unknown>([
          [{ k: 1 }, new Set([1n])],
          [NaN, new Map()],
        ]),
        at: new Date(7),
        pattern: /a(b)+/giu,
        bytes: [new Uint16Array([1, 65535]), new Float64Array([-0, NaN]), new BigInt64Array([-1n])],
        buffers: [new ArrayBuffer(3), new DataView(new ArrayBuffer(2))],
      });
      const { id } = store.save(draft({ context: [new Date(NaN), new URL("https://example.com/?q=1")] }));
      const [date, address] = store.load(id)?.context as [Date, URL];
      assert.ok(date instanceof Date && Number.isNaN(date.getTime()), "an invalid date");
      assert.ok(address instanceof URL && address.href === "https://example.com/?q=1", "an address");
    },
  },
  {
    name: "keeps errors with class, cause, fields and those they gather",
    check: (store) => {
      const error = Object.assign(new RangeError("far", { cause: new TypeError("why") }), { limit: 5 });
      const all = new AggregateError([error, new Error("b")], "many");
      const { id } = store.save(draft({ context: { error, all } }));
      const loaded = store.load(id)?.context as { error: typeof error; all: AggregateError };
      assert.ok(loaded.error instanceof RangeError);
      assert.ok(loaded.error.cause instanceof TypeError);
      assert.deepEqual(
        [loaded.error.message, loaded.error.limit, loaded.error.stack],
        ["far", 5, error.stack],
      );
      assert.ok(loaded.all instanceof AggregateError);
      assert.equal(loaded.all.errors[0], loaded.error);
      assert.equal((loaded.all.errors[1] as Error).message, "b");
    },
  },
  {
    name: "keeps what is shared shared, and circles",
    check: (store) => {
      const shared = { n: 1 };
      const circle: Record<string, unknown> = { shared, list: [shared] };
      circle["self"] = circle;
      const { id, lost } = store.save(draft({ context: circle }));
      assert.deepEqual(lost, []);
      const loaded = store.load(id)?.context as typeof circle;
      assert.equal(loaded["self"], loaded);
      assert.equal((loaded["list"] as unknown[])[0], loaded["shared"]);
    },
  },
  {
    name: "keeps holes in arrays, and records that look like its own marks",
    check: (store) => {
      const holes: unknown[] = [1];
      holes[4] = 5;
      keeps(store, {
        holes,
        marked: { $type: "Map", value: [[1, 2]] },
        odd: { "": 1, 1: 2, constructor: "x" },
      });
    },
  },
  {
    name: "names what it cannot keep, and keeps the rest",
    check: (store) => {
      class Client {
        readonly url = "x";
      }
      const context = { ok: 1, run: () => 1, list: [Symbol("s"), 2], client: new Client() };
      const saved = store.save(draft({ context }));
      assert.deepEqual(saved.lost, [
        "context.run (function)",
        "context.list.0 (symbol)",
        "context.client (Client)",
      ]);
      assert.deepEqual(store.list()[0]?.lost, saved.lost);
      assert.deepEqual(store.load(saved.id)?.context, { ok: 1, list: [undefined, 2] });
    },
  },
  {
    name: "refuses keys that reach for prototypes",
    check: (store) => {
      const context = JSON.parse(
        '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"ok":1}',
      ) as object;
      const saved = store.save(draft({ context }));
      assert.equal(saved.lost.length, 2);
      assert.deepEqual(store.load(saved.id)?.context, { ok: 1 });
      assert.equal(({} as { x?: unknown }).x, undefined);
    },
  },
  {
    name: "takes secrets out wherever they stand, with a marker and a count",
    check: (store) => {
      const saved = store.save(
        draft({
          label: `after ${secret}`,
          task: { apiKey: "abc", note: `use ${secret} now`, [secret]: 1 },
          context: new Map<unknown, unknown>([
            ["password", "p"],
            ["at", new URL("https://me:hunter22@example.com/")],
            [secret, Buffer.from(secret)],
            ["error", Object.assign(new Error(`bad ${secret}`), { stack: "none", token: "t" })],
          ]),
          answers: [{ question: { kind: "text", message: "Which API key?" }, answer: "plain" }],
        }),
      );
      assert.equal(saved.redactions, 1 + 3 + 6 + 1);
      assert.equal(saved.label, "after [redacted]");
      const loaded = store.load(saved.id);
      assert.deepEqual(loaded?.task, { apiKey: "[redacted]", note: "use [redacted] now", "[redacted]": 1 });
      const context = loaded.context as Map<string, unknown>;
      assert.equal(context.get("password"), "[redacted]");
      assert.equal(context.get("[redacted]"), "[redacted]");
      assert.ok(!String(context.get("at")).includes("hunter22"));
      assert.equal((context.get("error") as Error).message, "bad [redacted]");
      assert.equal((context.get("error") as { token?: string }).token, "[redacted]");
      assert.equal(loaded.answers?.[0]?.answer, "[redacted]");
      assert.ok(!JSON.stringify(store.list()).includes(secret));
    },
  },
];
