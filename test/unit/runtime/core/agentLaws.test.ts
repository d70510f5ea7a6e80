import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AgentObserver,
  AgentState,
  AgentUsageError,
  MemoryCheckpointStore,
} from "../../../../src/runtime/index.ts";
import { canTransition } from "../../../../src/runtime/core/state.ts";
import { retryPlan } from "../../../../src/runtime/core/retry.ts";
import { type Impl, TestAgent } from "./testAgent.ts";

const deeds = [
  "initialize",
  "initializeAsync",
  "succeed",
  "fail",
  "succeedAsync",
  "failAsync",
  "promise",
  "abort",
  "resumeNothing",
  "breakInit",
  "mendInit",
  "breakShutdown",
  "mendShutdown",
  "shutdown",
  "shutdownAsync",
] as const;
type Deed = (typeof deeds)[number];

class Eventful extends TestAgent {
  initBroken = false;
  shutdownBroken = false;
  protected override initializeImpl(): void {
    if (this.initBroken) throw new Error("init");
  }
  protected override shutdownImpl(): void {
    if (this.shutdownBroken) throw new Error("shutdown");
  }
}

const work: Impl = (task) => {
  if (task === "fail") throw new Error("fail");
  return task === "promise" ? Promise.reject(new Error("late")) : 1;
};

async function perform(agent: Eventful, deed: Deed): Promise<void> {
  switch (deed) {
    case "initialize":
      agent.initialize();
      return;
    case "initializeAsync":
      await agent.initializeAsync();
      return;
    case "succeedAsync":
    case "failAsync":
      await agent.executeAsync(deed.replace("Async", ""));
      return;
    case "abort":
      agent.execute("succeed", { signal: AbortSignal.abort() });
      return;
    case "resumeNothing":
      agent.execute("succeed", { resume: "nothing" });
      return;
    case "breakInit":
    case "mendInit":
      agent.initBroken = deed === "breakInit";
      return;
    case "breakShutdown":
    case "mendShutdown":
      agent.shutdownBroken = deed === "breakShutdown";
      return;
    case "shutdown":
      agent.shutdown();
      return;
    case "shutdownAsync":
      await agent.shutdownAsync();
      return;
    default:
      agent.execute(deed);
  }
}

/** What an agent is expected to be, told without its code. */
class Expected {
  state: AgentState = "created";
  #initialized = false;
  #initBroken = false;
  #shutdownBroken = false;

  after(deed: Deed): AgentState {
    if (deed === "breakInit" || deed === "mendInit") this.#initBroken = deed === "breakInit";
    else if (deed === "breakShutdown" || deed === "mendShutdown")
      this.#shutdownBroken = deed === "breakShutdown";
    else if (this.state !== "stopped") this.state = this.#next(deed);
    return this.state;
  }

  #next(deed: Deed): AgentState {
    if (deed.startsWith("shutdown")) return this.#initialized && this.#shutdownBroken ? "error" : "stopped";
    if (deed === "abort") return this.#initialized ? "error" : this.state;
    if (deed === "resumeNothing") return "error";
    this.#initialized ||= !this.#initBroken;
    if (!this.#initialized) return "error";
    return deed.startsWith("fail") || deed === "promise" ? "error" : "ready";
  }
}

describe("whatever is done with an agent", () => {
  it("its state never leaves the table, what failed is an error, and only a stopped one refuses", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...deeds), { maxLength: 12 }), async (sequence) => {
        const steps: [AgentState, AgentState][] = [];
        const observer: AgentObserver = { onState: (state, previous) => steps.push([previous, state]) };
        const agent = new Eventful(work, { observers: [observer], checkpoints: new MemoryCheckpointStore() });
        const expected = new Expected();
        for (const deed of sequence) {
          const stopped = agent.state === AgentState.STOPPED;
          let refusal: unknown = null;
          await perform(agent, deed).catch((error: unknown) => (refusal = error));
          const idle = /shutdown|break|mend/i.test(deed);
          expect(refusal instanceof AgentUsageError).toBe(stopped && !idle);
          expect(agent.state).toBe(expected.after(deed));
          expect(agent.state === AgentState.ERROR && agent.lastError === null).toBe(false);
        }
        let last: AgentState = AgentState.CREATED;
        for (const [previous, state] of steps) {
          expect(previous).toBe(last);
          expect(canTransition(previous, state)).toBe(true);
          last = state;
        }
        expect(agent.state).toBe(last);
      }),
      { numRuns: 200 },
    );
  });
});

/** Plain data of the kinds that a state holds. */
const states = fc.dictionary(
  fc.string().filter((key) => key !== "__proto__"),
  fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
  }),
);

describe("a failed execution", () => {
  it("leaves the snapshot as it was before, whatever the agent's code did to it", async () => {
    await fc.assert(
      fc.asyncProperty(
        states,
        states,
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        async (before, change, attempts, sync) => {
          const agent = new TestAgent((_, __, self) => {
            damage(self.memory);
            Object.assign(self.memory, structuredClone(change));
            throw new Error("fail");
          });
          Object.assign(agent.memory, structuredClone(before));
          const options = { retry: { attempts, baseMs: 0 } };
          const result = sync ? agent.execute({}, options) : await agent.executeAsync({}, options);
          expect(result).toMatchObject({ status: "failed", attempts, warnings: [] });
          expect(agent.memory).toEqual(before);
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Changes everything that can be reached. */
function damage(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Map || value instanceof Set) {
    for (const item of value.values()) damage(item, seen);
    value.clear();
    return;
  }
  if (value instanceof Date) {
    value.setTime(0);
    return;
  }
  for (const key of Object.keys(value)) {
    damage((value as Record<string, unknown>)[key], seen);
    if (!ArrayBuffer.isView(value)) Reflect.deleteProperty(value, key);
    else Reflect.set(value, key, 1);
  }
}

describe("the delays of a retry policy", () => {
  it("never shrink, except by jitter, which only shortens them", () => {
    const policy = fc.record({
      baseMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        policy,
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (given, attempt, random) => {
          const steady = retryPlan({ ...given, jitter: 0 });
          const full = steady.delayMs(attempt, () => random);
          expect(steady.delayMs(attempt + 1, () => random)).toBeGreaterThanOrEqual(full);
          const delay = retryPlan(given).delayMs(attempt, () => random);
          expect(delay).toBeLessThanOrEqual(full);
          expect(delay).toBeGreaterThanOrEqual(Math.floor(full * (1 - given.jitter)) - 1);
          expect(delay).toBeLessThan(2 ** 31);
          expect(Number.isInteger(delay)).toBe(true);
        },
      ),
    );
  });
});
