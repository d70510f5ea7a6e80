import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ErrorPatternLearner } from "../../src/runtime/patterns/learner.ts";
import { signatureOf } from "../../src/runtime/patterns/signature.ts";
import { type Bench, type Figure, median } from "./bench.ts";

const rounds = 41;
const perRound = 10_000;

/** What programs that call services, files and models really throw; `n` makes each occurrence differ. */
const messages: readonly ((n: number) => string)[] = [
  () => "Cannot read properties of undefined (reading 'map')",
  () => "fetch failed",
  () => "The operation was aborted due to timeout",
  (n) => `Job ${uuid(n)} failed after ${n % 5} attempts on 10.0.${n % 256}.1:8080`,
  (n) => `ENOENT: no such file or directory, open '/srv/agents/research/cache-${n}.json'`,
  (n) => `connect ECONNREFUSED 127.0.0.1:${3000 + (n % 1000)}`,
  (n) => `getaddrinfo ENOTFOUND shard-${n % 16}.search.example.com`,
  (n) =>
    `429 {"type":"error","error":{"type":"rate_limit_error","message":"Number of request tokens has exceeded your per-minute rate limit"},"request_id":"req_011CS${n}hoEeqs5C35K2UUq"}`,
  (n) =>
    `Rate limit reached on tokens per min: Limit 30000, Used ${29_000 + (n % 900)}, Requested 1200. Please try again in ${n % 60}s. Visit https://example.com/account/limits?org=${n} to learn more.`,
  (n) =>
    `Task ${n} does not fit: ${"the field customer.address.street is required; ".repeat(8)}checked at 2025-03-0${1 + (n % 9)}T03:04:05.678Z`,
];

const stacks: readonly string[] = [
  "",
  [
    "    at parse (/srv/app/node_modules/parser/lib/index.js:118:11)",
    "    at JSON.parse (<anonymous>)",
    "    at ResearchAgent.executeImpl (/srv/app/src/agents/research.ts:10:5)",
    "    at async Runner.attempt (/srv/app/src/runner.ts:12:5)",
    "    at async file:///srv/app/src/main.mjs:3:1",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
  ].join("\n"),
  [
    "    at node:internal/deps/undici/undici:13510:13",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
    "    at async post (/srv/app/node_modules/client/dist/index.cjs:401:20)",
    "    at async retry (/srv/app/node_modules/client/dist/index.cjs:77:9)",
    "    at async Planner.#ask (/srv/app/dist/planner.js:88:22)",
    "    at async Planner.run (/srv/app/dist/planner.js:41:16)",
    "    at async main (/srv/app/dist/index.js:9:3)",
  ].join("\n"),
];

const uuid = (n: number): string => `3f2b8c1a-1111-4222-8333-${n.toString(16).padStart(12, "0")}`;

function makeErrors(count: number): Error[] {
  return Array.from({ length: count }, (_, n) => {
    const error = new Error(messages[n % messages.length]?.(n));
    // The engine makes a stack when it is first read; that is not what is measured here.
    error.stack = `Error: ${error.message}\n${stacks[n % stacks.length] ?? ""}`;
    return error;
  });
}

interface Rate {
  /** Per second, the middle of some rounds. */
  wall: number;
  /** The same per second of the processor's time: what a machine that is busy otherwise would give. */
  processor: number;
}

function rateOf(count: number, times: number, action: () => void): Rate {
  for (let i = 0; i < 3; i += 1) action();
  const rates = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    const started = performance.now();
    action();
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    return { wall: (count / ms) * 1e3, processor: (count / (user + system)) * 1e6 };
  });
  return {
    wall: median(rates.map(({ wall }) => wall)),
    processor: median(rates.map(({ processor }) => processor)),
  };
}

export const bench: Bench = {
  run(): (Figure | string)[] {
    const errors = makeErrors(perRound);
    const groups = new Set(errors.map((error) => signatureOf(error).signature));
    const absolute = { yardstick: null, yardstickName: null };
    const folder = mkdtempSync(join(tmpdir(), "signature-bench-"));
    try {
      const learner = new ErrorPatternLearner(folder);
      const signed = rateOf(perRound, rounds, () => errors.forEach((error) => signatureOf(error)));
      const recorded = rateOf(perRound, 3, () => errors.forEach((error) => learner.recordError(error)));
      return [
        {
          name: "signatures",
          ours: signed.wall,
          ...absolute,
          unit: "signatures/s",
          goal: { atLeast: 50_000 },
        },
        {
          name: "recordError, journal and folds included",
          ours: recorded.wall,
          ...absolute,
          unit: "errors/s",
          goal: null,
        },
        `per second of processor time: ${Math.round(signed.processor)} signatures, ${Math.round(recorded.processor)} recordError`,
        `${perRound} errors with ${messages.length} messages and ${stacks.length} stacks are ${groups.size} groups`,
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
