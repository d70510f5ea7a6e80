import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  AgentUsageError,
  BaseAgent,
  LifecycleManager,
  type ManagedAgentOptions,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

type Hook = () => unknown;

/** Writes what it does into a journal. */
class Service extends BaseAgent {
  readonly #journal: string[];
  readonly #hooks: { start?: Hook; stop?: Hook; execute?: Hook };
  constructor(name: string, journal: string[], hooks: { start?: Hook; stop?: Hook; execute?: Hook } = {}) {
    super({ name, agentType: "service" });
    this.#journal = journal;
    this.#hooks = hooks;
  }
  protected override initializeImpl(): unknown {
    return this.#do("start", this.#hooks.start);
  }
  protected override shutdownImpl(): unknown {
    return this.#do("stop", this.#hooks.stop);
  }
  protected override executeImpl(): unknown {
    return this.#hooks.execute?.();
  }
  #do(what: string, hook: Hook | undefined): unknown {
    this.#journal.push(`${what} ${this.metadata.name}`);
    const answer = hook?.();
    if (!(answer instanceof Promise)) return answer;
    return answer.then(() => this.#journal.push(`${what}ed ${this.metadata.name}`));
  }
}

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const fail = (message: string) => () => {
  throw new Error(message);
};
const forever = () => new Promise<never>(() => undefined);
const statuses = ({ agents }: { agents: readonly { name: string; status: string }[] }) =>
  Object.fromEntries(agents.map(({ name, status }) => [name, status]));

function setUp(options?: ConstructorParameters<typeof LifecycleManager>[0]) {
  const journal: string[] = [];
  const manager = new LifecycleManager(options);
  const add = (
    name: string,
    managed: ManagedAgentOptions = {},
    hooks: ConstructorParameters<typeof Service>[2] = {},
  ) => {
    const agent = new Service(name, journal, hooks);
    manager.add(agent, managed);
    return agent;
  };
  return { journal, manager, add };
}

afterEach(() => vi.useRealTimers());

describe("starting", () => {
  it("goes in the order of dependencies, whatever the order of adding", async () => {
    const { journal, manager, add } = setUp();
    const later = () => turn();
    const cache = new Service("cache", journal, { start: later });
    add("web", { dependsOn: ["db", cache] }, { start: later });
    manager.add(cache, { dependsOn: ["db", "db"] });
    add("db", {}, { start: later });
    const report = await manager.start();
    expect(journal).toEqual([
      "start db",
      "started db",
      "start cache",
      "started cache",
      "start web",
      "started web",
    ]);
    expect(report).toMatchObject({
      ok: true,
      agents: [
        { name: "db", status: "started", reason: null, error: null },
        { name: "cache", status: "started" },
        { name: "web", status: "started" },
      ],
    });
    expect(report.agents.every(({ durationMs }) => durationMs >= 0 && durationMs < 10_000)).toBe(true);
  });

  it("starts what is independent at the same time", async () => {
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    add("a", {}, { start: () => opened });
    add("b");
    add("c", { dependsOn: ["b"] }, { start: open });
    await manager.start();
    expect(journal).toEqual(["start a", "start b", "start c", "started a"]);
  });

  it("skips what depends on an agent that fails, and starts the rest", async () => {
    const { journal, manager, add } = setUp();
    add("db", {}, { start: fail("no disk") });
    add("api", { dependsOn: ["db"] });
    add("web", { dependsOn: ["log", "api"] });
    add("log", {}, { start: () => Promise.resolve() });
    const report = await manager.start();
    expect(report.ok).toBe(false);
    expect(
      Object.fromEntries(report.agents.map(({ name, status, reason }) => [name, [status, reason]])),
    ).toEqual({
      db: ["failed", "no disk"],
      log: ["started", null],
      api: ["skipped", 'It depends on "db", which failed to start.'],
      web: ["skipped", 'It depends on "api", which was skipped.'],
    });
    expect(report.agents[0]?.error).toMatchObject({ name: "Error", message: "no disk" });
    expect(journal).toEqual(["start db", "start log", "started log"]);
  });

  it("does not wait longer than an agent may take", async () => {
    vi.useFakeTimers();
    const { manager, add } = setUp({ startTimeoutMs: 500 });
    add("slow", {}, { start: forever });
    add("slower", { startTimeoutMs: 800 }, { start: forever });
    add("web", { dependsOn: ["slow"] });
    add("fine", { startTimeoutMs: Infinity });
    const starting = manager.start();
    await vi.advanceTimersByTimeAsync(800);
    const report = await starting;
    expect(
      Object.fromEntries(report.agents.map(({ name, status, reason }) => [name, [status, reason]])),
    ).toEqual({
      slow: ["timed out", "It was not started within 500 ms."],
      slower: ["timed out", "It was not started within 800 ms."],
      fine: ["started", null],
      web: ["skipped", 'It depends on "slow", which did not start in time.'],
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps no timer when all are started", async () => {
    vi.useFakeTimers();
    const { manager, add } = setUp();
    add("a");
    await manager.start();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes agents that are ready, executing or being initialised as they are", async () => {
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    const ready = add("ready");
    const busy = add("busy", {}, { execute: () => opened });
    const starting = add("starting", {}, { start: () => opened });
    ready.initialize();
    const executing = busy.executeAsync(null);
    const initializing = starting.initializeAsync();
    await turn();
    const report = manager.start();
    await turn();
    open();
    expect(statuses(await report)).toEqual({ ready: "started", busy: "started", starting: "started" });
    expect(await initializing).toBe(true);
    expect((await executing).status).toBe("success");
    expect(journal).toEqual(["start ready", "start busy", "start starting", "started starting"]);
  });

  it("says why an agent that is busy otherwise did not start, and does not start it later", async () => {
    vi.useFakeTimers();
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    const agent = add("a", { startTimeoutMs: 100 }, { start: () => opened.then(fail("too late")) });
    const initializing = agent.initializeAsync();
    const starting = manager.start();
    await vi.advanceTimersByTimeAsync(100);
    const [report] = (await starting).agents;
    expect(report).toMatchObject({ status: "timed out", error: { name: "AgentUsageError" } });
    expect(report?.reason).toMatch(
      /^It was not started within 100 ms: Agent "a" cannot initialize now: .*[^.]\.$/,
    );
    open();
    expect(await initializing).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(journal).toEqual(["start a"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("reports an agent that was shut down, and whatever an overridden method does", async () => {
    const { manager, add } = setUp();
    add("gone").shutdown();
    vi.spyOn(add("throws"), "initializeAsync").mockImplementation(fail("at once"));
    vi.spyOn(add("rejects"), "initializeAsync").mockRejectedValue(null);
    vi.spyOn(add("silent"), "initializeAsync").mockResolvedValue(false);
    const { agents } = await manager.start();
    expect(agents.map(({ name, status, reason }) => [name, status, reason])).toEqual([
      ["gone", "failed", 'Agent "gone" was shut down and cannot initialize: make a new one.'],
      ["throws", "failed", "at once"],
      ["rejects", "failed", "null"],
      ["silent", "failed", "It was not started, and does not say why."],
    ]);
  });

  it("answers the same when it is called again", async () => {
    const { journal, manager, add } = setUp();
    add("a");
    const [first, second] = await Promise.all([manager.start(), manager.start()]);
    expect(second).toBe(first);
    expect(await manager.start()).toBe(first);
    expect(journal).toEqual(["start a"]);
    expect(await setUp().manager.start()).toEqual({ ok: true, agents: [] });
  });

  it("takes adapters", async () => {
    const { manager } = setUp();
    const calls: string[] = [];
    const legacy = {
      connect: () => calls.push("connect"),
      run: () => 1,
      close: () => Promise.resolve(calls.push("close")),
    };
    manager.add(new UniversalAgentAdapter(legacy, { agentType: "legacy", name: "legacy" }));
    expect((await manager.start()).ok).toBe(true);
    expect((await manager.stop()).ok).toBe(true);
    expect(calls).toEqual(["connect", "close"]);
  });
});

describe("what cannot be started", () => {
  it("is named before anything starts: cycles", async () => {
    const { journal, manager, add } = setUp();
    add("free");
    add("outside", { dependsOn: ["c"] });
    add("a", { dependsOn: ["free", "b"] });
    add("b", { dependsOn: ["c"] });
    add("c", { dependsOn: ["a"] });
    await expect(manager.start()).rejects.toThrow(
      new AgentUsageError(
        'The agents depend on each other in a cycle: "c" → "a" → "b" → "c". None was started.',
      ),
    );
    expect(journal).toEqual([]);
    const { manager: own, add: addOwn } = setUp();
    addOwn("a", { dependsOn: ["a"] });
    await expect(own.start()).rejects.toThrow('cycle: "a" → "a".');
  });

  it("is named before anything starts: unknown dependencies, which may be added then", async () => {
    const { journal, manager, add } = setUp();
    add("web", { dependsOn: ["db", "__proto__"] });
    add("fine");
    await expect(manager.start()).rejects.toThrow(
      new AgentUsageError(
        '"web" depends on "db", "web" depends on "__proto__": no such agent was added. None was started.',
      ),
    );
    expect(journal).toEqual([]);
    add("db");
    add("__proto__");
    expect((await manager.start()).ok).toBe(true);
    expect(journal).toEqual(["start fine", "start db", "start __proto__", "start web"]);
  });

  it.each([
    ["no agent", {} as never, {}, "Only agents are managed: wrap other objects in a UniversalAgentAdapter."],
    [
      "a time that is none",
      new Service("x", []),
      { startTimeoutMs: -1 },
      "startTimeoutMs is a number of milliseconds over 0, not -1.",
    ],
    [
      "another time that is none",
      new Service("x", []),
      { stopTimeoutMs: NaN },
      "stopTimeoutMs is a number of milliseconds over 0, not NaN.",
    ],
    ["a name that is taken", new Service("taken", []), {}, 'An agent "taken" was added already.'],
  ])("is refused when it is added: %s", (_, agent, options, message) => {
    const { manager, add } = setUp();
    add("taken");
    expect(() => manager.add(agent, options)).toThrow(new AgentUsageError(message));
  });

  it("is refused: times that are none, for all agents", () => {
    expect(() => new LifecycleManager({ stopTimeoutMs: 0 })).toThrow(AgentUsageError);
    expect(() => new LifecycleManager({ startTimeoutMs: "1" as never })).toThrow(AgentUsageError);
  });

  it("is refused: dependencies that are no list", () => {
    const options = { dependsOn: "store" as unknown as string[] };
    expect(() => new LifecycleManager().add(new Service("a", []), options)).toThrow(
      'What agent "a" depends on is a list of agents or their names.',
    );
  });

  it("is what comes too late, or again", async () => {
    const { manager, add } = setUp();
    add("a");
    await manager.start();
    const message = 'Agent "b" comes too late: add agents before they are started.';
    expect(() => add("b")).toThrow(new AgentUsageError(message));
    await manager.stop();
    expect((await manager.start()).ok).toBe(true);
    const { manager: never, add: addNever } = setUp();
    const agent = addNever("a");
    await never.stop();
    await expect(never.start()).rejects.toThrow(
      new AgentUsageError("The agents were stopped and do not start again: make new ones."),
    );
    expect(() => addNever("b")).toThrow(AgentUsageError);
    expect(agent.state).toBe("stopped");
  });
});

describe("stopping", () => {
  it("goes in reverse, what is independent at the same time", async () => {
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    add("db");
    add("a", { dependsOn: ["db"] }, { stop: () => opened });
    add("b", { dependsOn: ["db"] }, { stop: open });
    await manager.start();
    journal.length = 0;
    const report = await manager.stop();
    expect(journal).toEqual(["stop b", "stop a", "stoped a", "stop db"]);
    expect(report).toMatchObject({
      ok: true,
      agents: [
        { name: "b", status: "stopped", reason: null, error: null },
        { name: "a", status: "stopped" },
        { name: "db", status: "stopped" },
      ],
    });
  });

  it("goes on where agents fail or take too long", async () => {
    vi.useFakeTimers();
    const { journal, manager, add } = setUp({ stopTimeoutMs: 100 });
    add("db");
    const broken = add("broken", { dependsOn: ["db"] }, { stop: fail("no network") });
    add("hangs", { dependsOn: ["db"] }, { stop: forever });
    add("waits", { dependsOn: ["hangs"], stopTimeoutMs: 40 }, { stop: forever });
    await manager.start();
    const stopping = manager.stop();
    await vi.advanceTimersByTimeAsync(139);
    expect(journal).not.toContain("stop db");
    await vi.advanceTimersByTimeAsync(1);
    const report = await stopping;
    expect(report.ok).toBe(false);
    expect(
      Object.fromEntries(report.agents.map(({ name, status, reason }) => [name, [status, reason]])),
    ).toEqual({
      waits: ["timed out", "It was not stopped within 40 ms."],
      hangs: ["timed out", "It was not stopped within 100 ms."],
      broken: ["failed", "no network"],
      db: ["stopped", null],
    });
    expect(broken.state).toBe("error");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("answers the same when it is called again", async () => {
    const { journal, manager, add } = setUp();
    add("a");
    await manager.start();
    const [first, second] = await Promise.all([manager.stop(), manager.stop()]);
    expect(second).toBe(first);
    expect(journal).toEqual(["start a", "stop a"]);
  });

  it("waits for executions within its time, and tells them to end", async () => {
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    const agent = add("a", {}, { execute: () => opened.then(() => journal.push("executed")) });
    await manager.start();
    const executing = agent.executeAsync(null);
    const told = vi.fn(open);
    manager.signal.addEventListener("abort", told);
    expect(manager.signal.aborted).toBe(false);
    const report = await manager.stop();
    expect(told).toHaveBeenCalledTimes(1);
    expect(report.ok).toBe(true);
    expect((await executing).status).toBe("success");
    expect(journal).toEqual(["start a", "executed", "stop a"]);
  });

  it("says that an agent is still executing when the time is over", async () => {
    vi.useFakeTimers();
    const { manager, add } = setUp({ stopTimeoutMs: 200 });
    const agent = add("a", {}, { execute: forever });
    await manager.start();
    void agent.executeAsync(null);
    const stopping = manager.stop();
    await vi.advanceTimersByTimeAsync(250);
    const [report] = (await stopping).agents;
    expect(report).toMatchObject({ status: "timed out", error: { name: "AgentUsageError" } });
    expect(report?.reason).toMatch(
      /^It was not stopped within 200 ms: Agent "a" cannot shut down now: it is executing/,
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops agents that somebody else started, whatever they depend on", async () => {
    const { journal, manager, add } = setUp();
    const a = add("a", { dependsOn: ["b", "missing"] });
    const b = add("b", { dependsOn: ["a"] });
    a.initialize();
    expect((await manager.stop()).ok).toBe(true);
    expect(journal).toEqual(["start a", "stop a"]);
    expect([a.state, b.state]).toEqual(["stopped", "stopped"]);
  });

  it("stops agents that failed to start, and those that were skipped", async () => {
    const { journal, manager, add } = setUp();
    const agents = [add("db", {}, { start: fail("no") }), add("web", { dependsOn: ["db"] })];
    await manager.start();
    expect((await manager.stop()).ok).toBe(true);
    expect(agents.map(({ state }) => state)).toEqual(["stopped", "stopped"]);
    expect(journal).toEqual(["start db"]);
  });
});

describe("stopping while agents start", () => {
  it("waits for those that are being started and starts no more", async () => {
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    const db = add("db", {}, { start: () => opened });
    const web = add("web", { dependsOn: ["db"] });
    const starting = manager.start();
    await turn();
    const stopping = manager.stop();
    await turn();
    expect(db.state).toBe("created");
    open();
    expect((await starting).agents).toMatchObject([
      { name: "db", status: "started" },
      { name: "web", status: "skipped", reason: "The agents are being stopped." },
    ]);
    expect(statuses(await stopping)).toEqual({ db: "stopped", web: "stopped" });
    expect(journal).toEqual(["start db", "started db", "stop db"]);
    expect([db.state, web.state]).toEqual(["stopped", "stopped"]);
  });

  it("is safe at any moment: all are stopped in the end, and none is started after that", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ start: fc.nat(4), stop: fc.nat(4), dependencies: fc.array(fc.nat(5)) }), {
          maxLength: 6,
        }),
        fc.nat(30),
        async (specs, moment) => {
          const { journal, manager, add } = setUp();
          const after = (turns: number) => async () => {
            for (let i = 0; i < turns; i += 1) await Promise.resolve();
          };
          const agents = specs.map(({ start, stop, dependencies }, index) =>
            add(
              `${index}`,
              { dependsOn: dependencies.filter((each) => each < index).map(String) },
              { start: after(start), stop: after(stop) },
            ),
          );
          const starting = manager.start();
          for (let i = 0; i < moment; i += 1) await Promise.resolve();
          const [started, stopped] = await Promise.all([starting, manager.stop()]);
          expect(stopped.ok).toBe(true);
          expect(agents.every(({ state }) => state === "stopped")).toBe(true);
          for (const { name, status } of started.agents) {
            const began = journal.includes(`start ${name}`);
            expect(status === "started").toBe(began);
            expect(journal.includes(`stop ${name}`)).toBe(began);
          }
          specs.forEach(({ dependencies }, index) => {
            for (const dependency of dependencies.filter((each) => each < index)) {
              if (!journal.includes(`start ${index}`)) continue;
              expect(journal.indexOf(`started ${dependency}`)).toBeLessThan(
                journal.indexOf(`start ${index}`),
              );
              expect(journal.indexOf(`stoped ${index}`)).toBeLessThan(journal.indexOf(`stop ${dependency}`));
            }
          });
        },
      ),
    );
  });

  it("does not start an agent that was busy until then", async () => {
    vi.useFakeTimers();
    const { journal, manager, add } = setUp();
    const { open, opened } = gate();
    const agent = add("a", {}, { start: () => opened.then(fail("first try")) });
    void agent.initializeAsync();
    const starting = manager.start();
    await vi.advanceTimersByTimeAsync(10);
    const stopping = manager.stop();
    open();
    await vi.advanceTimersByTimeAsync(200);
    expect((await starting).agents).toMatchObject([
      { status: "skipped", reason: "The agents are being stopped." },
    ]);
    expect((await stopping).agents).toMatchObject([{ status: "stopped" }]);
    expect(journal).toEqual(["start a"]);
  });

  it("stops an agent that was started too late", async () => {
    vi.useFakeTimers();
    const { journal, manager, add } = setUp({ startTimeoutMs: 100, stopTimeoutMs: 50 });
    const { open, opened } = gate();
    const slow = add("slow", {}, { start: () => opened });
    const starting = manager.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(statuses(await starting)).toEqual({ slow: "timed out" });
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(slow.state).toBe("ready");
    expect(statuses(await manager.stop())).toEqual({ slow: "stopped" });
    expect(journal).toEqual(["start slow", "started slow", "stop slow"]);
  });

  it("stops an agent even that is initialised only when stopping has given it up", async () => {
    vi.useFakeTimers();
    const { journal, manager, add } = setUp({ startTimeoutMs: 100, stopTimeoutMs: 50 });
    const { open, opened } = gate();
    const slow = add("slow", {}, { start: () => opened });
    void manager.start();
    await vi.advanceTimersByTimeAsync(100);
    const stopping = manager.stop();
    await vi.advanceTimersByTimeAsync(50);
    expect((await stopping).agents).toMatchObject([
      { status: "timed out", reason: "It was not stopped within 50 ms.", error: null },
    ]);
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(slow.state).toBe("stopped");
    expect(journal).toEqual(["start slow", "started slow", "stop slow"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
