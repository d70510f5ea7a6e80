import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayRetry, retryPlan } from "../../../../src/runtime/core/retry.ts";
import { systemClock } from "../../../../src/runtime/core/clock.ts";
import { neverAborted } from "../../../../src/runtime/core/abort.ts";
import { BaseAgent, type Clock, TaskValidationError } from "../../../../src/runtime/index.ts";

class Failing extends BaseAgent {
  readonly error: unknown;
  constructor(error: unknown) {
    super({ name: "failing", agentType: "unit" });
    this.error = error;
  }
  protected override executeImpl(): unknown {
    throw this.error;
  }
}

function fakeClock(): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  const sleep = (ms: number) => {
    slept.push(ms);
    now += ms;
  };
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleepSync: sleep,
    sleep: (ms) => {
      sleep(ms);
      return Promise.resolve();
    },
  };
}

describe("waiting between attempts", () => {
  it("grows exponentially up to its maximum, alike for both variants", async () => {
    const retry = { attempts: 6, baseMs: 100, factor: 3, maxMs: 1000 };
    const sync = fakeClock();
    const result = new Failing(new Error("x")).execute({}, { retry, clock: sync });
    expect(sync.slept).toEqual([100, 300, 900, 1000, 1000]);
    expect(result).toMatchObject({ attempts: 6, durationMs: 3300 });
    const async = fakeClock();
    await new Failing(new Error("x")).executeAsync({}, { retry, clock: async });
    expect(async.slept).toEqual(sync.slept);
  });

  it("is part of the duration, as initialising is", () => {
    const clock = fakeClock();
    class Slow extends Failing {
      protected override initializeImpl(): void {
        clock.sleepSync(50);
        if (this.error === "init") throw new Error("init");
      }
    }
    const retry = { attempts: 2, baseMs: 10 };
    expect(new Slow(new Error("x")).execute({}, { clock, retry }).durationMs).toBe(60);
    expect(new Slow("init").execute({}, { clock }).durationMs).toBe(50);
  });

  it("takes real time but hardly any processor time", () => {
    const before = process.cpuUsage();
    const started = performance.now();
    new Failing(new Error("x")).execute({}, { retry: { attempts: 3, baseMs: 300, factor: 1 } });
    expect(performance.now() - started).toBeGreaterThanOrEqual(595);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(400);
  });

  it("says what to do where the environment cannot block", () => {
    const clock = {
      ...fakeClock(),
      sleepSync: () => systemClock.sleepSync(1),
    };
    const wait = Atomics.wait;
    Atomics.wait = () => {
      throw new TypeError("Atomics.wait cannot be called in this context");
    };
    try {
      const result = new Failing(new Error("own")).execute({}, { retry: { attempts: 2 }, clock });
      expect(result).toMatchObject({ status: "failed", attempts: 1, error: { message: "own" } });
      expect(result.warnings.join()).toMatch(/executeAsync/);
    } finally {
      Atomics.wait = wait;
    }
  });

  it("removes its listener when it is over", async () => {
    const listeners = new Set<unknown>();
    const signal = {
      ...neverAborted,
      addEventListener: (_: "abort", listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
    };
    await systemClock.sleep(1, signal);
    expect(listeners.size).toBe(0);
    await new Failing(new Error("x")).executeAsync({}, { signal, retry: { attempts: 2, baseMs: 1 } });
    expect(listeners.size).toBe(0);
  });
});

class ValidationError extends Error {}
class MissingField extends ValidationError {}

describe("errors that are never retried", () => {
  const named = (name: string) => Object.assign(new Error("x"), { name });
  it.each([
    ["validation", new TaskValidationError("x")],
    ["zod's", named("ZodError")],
    ["permission", named("PermissionDeniedError")],
    ["file permission", Object.assign(new Error("x"), { code: "EACCES" })],
    ["HTTP 401", Object.assign(new Error("x"), { status: 401 })],
    ["HTTP 403 as statusCode", Object.assign(new Error("x"), { statusCode: 403 })],
    ["abort", named("AbortError")],
    ["a class that does not set its name", new ValidationError("x")],
    ["a class that extends one of them", new MissingField("x")],
  ])("%s", (_, error) => {
    const clock = fakeClock();
    const result = new Failing(error).execute({}, { retry: { attempts: 5, retryable: () => true }, clock });
    expect(result.attempts).toBe(1);
    expect(clock.slept).toEqual([]);
  });

  it("and others only where the policy agrees", () => {
    const clock = fakeClock();
    const retry = { attempts: 5, retryable: (error: unknown) => error instanceof RangeError };
    expect(new Failing(new Error("x")).execute({}, { retry, clock }).attempts).toBe(1);
    expect(new Failing(new RangeError("x")).execute({}, { retry, clock }).attempts).toBe(5);
    expect(mayRetry(Object.assign(new Error("x"), { status: 503 }))).toBe(true);
    expect(mayRetry("text")).toBe(true);
    expect(mayRetry({ constructor: undefined })).toBe(true);
    expect(mayRetry(Object.create(Object.create(null) as object))).toBe(true);
  });
});

it.each<[unknown, number]>([
  ["many", 1],
  [null, 1],
  [{}, 1],
  [NaN, 1],
  ["3", 3],
])("takes %j for a number of attempts that ends", (attempts, expected) => {
  let left = 10;
  const agent = new Failing(new Error("x"));
  const retryable = () => (left -= 1) > 0;
  const retry = { attempts: attempts as number, baseMs: 0, retryable };
  expect(agent.execute({}, { retry }).attempts).toBe(expected);
});

it("is not made where the policy answers with a promise, which would mean always", async () => {
  const asked = () => Promise.reject(new Error("late")) as unknown as boolean;
  const agent = new Failing(new Error("x"));
  const result = await agent.executeAsync({}, { retry: { attempts: 5, baseMs: 0, retryable: asked } });
  expect(result).toMatchObject({ attempts: 1, error: { message: "x" } });
  expect(result.warnings).toEqual([
    "The retry policy failed: retryable returned a promise: it answers with a boolean.",
  ]);
});

it("keeps every delay within bounds for any policy", () => {
  fc.assert(
    fc.property(
      fc.record({
        attempts: fc.double(),
        baseMs: fc.double(),
        factor: fc.double(),
        maxMs: fc.double({ min: -1, max: 1e9 }),
        jitter: fc.double(),
      }),
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (policy, attempt, random) => {
        const plan = retryPlan(policy);
        const delay = plan.delayMs(attempt, () => random);
        expect(plan.attempts).toBeGreaterThanOrEqual(1);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(
          Math.max(0, Number.isNaN(policy.maxMs) ? 30_000 : Math.ceil(policy.maxMs)),
        );
      },
    ),
  );
});
