import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  AgentRegistry,
  AgentState,
  AgentUsageError,
  type AgentLike,
  BaseAgent,
  defaultRegistry,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

class Echo extends BaseAgent<{ text: string }, string> {
  protected override executeImpl(task: { text: string }): string {
    if (task.text === "fail") throw new Error("failed");
    return task.text;
  }
}

const agentOf = (name: string, agentType = "unit", capabilities: string[] = []) =>
  new Echo({ name, agentType, capabilities });

describe("a registry of agents", () => {
  it("refuses a query by what agents are not found by, which would find all", () => {
    const registry = new AgentRegistry();
    registry.register(agentOf("a"));
    expect(() => registry.find({ type: "unit" } as object)).toThrow(
      'Agents are not found by "type", but by name, agentType, capability, state.',
    );
  });

  it("keeps the agent that replaces another, whatever the listeners do", () => {
    const registry = new AgentRegistry();
    const [old, other, next] = [agentOf("a"), agentOf("a"), agentOf("a")];
    registry.register(old);
    registry.on("unregistered", () => registry.register(other));
    const told = vi.fn();
    registry.on("state", told);
    registry.register(next, { replace: true });
    expect(registry.get("a")).toBe(next);
    other.execute({ text: "x" });
    expect(told).not.toHaveBeenCalled();
  });

  it("keeps agents by name, in the order in which they came", () => {
    const registry = new AgentRegistry();
    const [b, a] = [agentOf("b"), agentOf("a")];
    registry.register(b);
    registry.register(a);
    expect(registry.list()).toEqual([b, a]);
    expect([...registry]).toEqual([b, a]);
    expect(registry.size).toBe(2);
    expect(registry.get("a")).toBe(a);
    expect(registry.get("c")).toBeUndefined();
    expect(registry.has(b)).toBe(true);
    expect(registry.has("b")).toBe(true);
    expect(registry.has(agentOf("b"))).toBe(false);
    expectTypeOf(registry.get("a")).toEqualTypeOf<AgentLike | undefined>();
  });

  it("refuses a name that is taken, unless it is to be replaced", () => {
    const registry = new AgentRegistry();
    const [first, second] = [agentOf("x"), agentOf("x")];
    registry.register(first);
    const message = 'An agent "x" is registered already: unregister it first, or set replace: true.';
    expect(() => registry.register(second)).toThrow(new AgentUsageError(message));
    expect(() => registry.register(first)).toThrow(new AgentUsageError(message));
    expect(registry.get("x")).toBe(first);
    const told: unknown[] = [];
    registry.on("registered", (agent) => told.push("registered", agent));
    registry.on("unregistered", (agent) => told.push("unregistered", agent));
    registry.register(second, { replace: true });
    expect(told).toEqual(["unregistered", first, "registered", second]);
    expect(registry.list()).toEqual([second]);
    registry.register(second, { replace: true });
    expect(registry.list()).toEqual([second]);
  });

  it.each([[null], ["x"], [{ metadata: { name: "x" } }]])("refuses %j, which is no agent", (value) => {
    expect(() => new AgentRegistry().register(value as never)).toThrow(
      new AgentUsageError("Only agents are registered: wrap other objects in a UniversalAgentAdapter."),
    );
  });

  it("takes agents of another copy of the library, also of one that tells no states", () => {
    const registry = new AgentRegistry();
    const states: string[] = [];
    registry.on("state", ({ metadata }, state) => states.push(`${metadata.name} ${state}`));
    const brand = { [Symbol.for("opsvi-agents.agent")]: 1 };
    const old = { ...brand, metadata: { name: "old", agentType: "t", capabilities: ["c"] }, state: "ready" };
    registry.register(old as never);
    expect(registry.find({ capability: "c", state: "ready" })).toEqual([old]);
    expect(registry.unregister(old as never)).toBe(true);
    const adapter = new UniversalAgentAdapter({ run: () => 1 }, { name: "legacy", agentType: "t" });
    registry.register(adapter);
    adapter.execute(null);
    expect(states).toEqual(["legacy ready", "legacy busy", "legacy ready"]);
  });

  it("unregisters by name or by agent, but not another agent of the name", () => {
    const registry = new AgentRegistry();
    const a = agentOf("a");
    registry.register(a);
    expect(registry.unregister(agentOf("a"))).toBe(false);
    expect(registry.unregister("b")).toBe(false);
    expect(registry.unregister(a)).toBe(true);
    expect(registry.unregister(a)).toBe(false);
    registry.register(a);
    expect(registry.unregister("a")).toBe(true);
    expect(registry.size).toBe(0);
    expect(a.state).toBe(AgentState.CREATED);
  });

  it("finds what fits each field, and any item of a list", () => {
    const registry = new AgentRegistry();
    const a = agentOf("a", "research", ["search", "plan"]);
    const b = agentOf("b", "research", ["search"]);
    const c = agentOf("c", "__proto__", ["constructor"]);
    for (const agent of [a, b, c]) registry.register(agent);
    b.initialize();
    expect(registry.find({})).toEqual([a, b, c]);
    expect(registry.find({ name: undefined })).toEqual([a, b, c]);
    expect(registry.find({ name: "b" })).toEqual([b]);
    expect(registry.find({ name: ["c", "a", "nobody"] })).toEqual([a, c]);
    expect(registry.find({ name: [] })).toEqual([]);
    expect(registry.find({ agentType: "research" })).toEqual([a, b]);
    expect(registry.find({ agentType: "__proto__" })).toEqual([c]);
    expect(registry.find({ capability: "search" })).toEqual([a, b]);
    expect(registry.find({ capability: ["plan", "constructor"] })).toEqual([a, c]);
    expect(registry.find({ state: AgentState.READY })).toEqual([b]);
    expect(registry.find({ state: ["created", "stopped"] })).toEqual([a, c]);
    expect(registry.find({ capability: "search", state: "created" })).toEqual([a]);
    expect(registry.find({ capability: "search", agentType: "__proto__" })).toEqual([]);
  });

  it("may be changed while one goes through it", () => {
    const registry = new AgentRegistry();
    for (const name of ["a", "b", "c"]) registry.register(agentOf(name));
    const seen: string[] = [];
    for (const { metadata } of registry) {
      seen.push(metadata.name);
      registry.unregister("b");
      registry.register(agentOf(`${metadata.name}${metadata.name}`));
    }
    expect(seen).toEqual(["a", "b", "c"]);
    expect(registry.size).toBe(5);
  });
});

describe("the events of a registry", () => {
  it("tell of states from registering to unregistering, and only of changes", () => {
    const registry = new AgentRegistry();
    const agent = agentOf("a");
    const states = vi.fn();
    registry.on("state", (who, state, previous) => void states(who.metadata.name, previous, state));
    registry.register(agent);
    agent.execute({ text: "fail" });
    expect(agent.initialize()).toBe(true);
    registry.unregister(agent);
    agent.shutdown();
    expect(states.mock.calls).toEqual([
      ["a", "created", "ready"],
      ["a", "ready", "busy"],
      ["a", "busy", "error"],
      ["a", "error", "ready"],
    ]);
    class Broken extends BaseAgent {
      protected override initializeImpl(): never {
        throw new Error("never ready");
      }
    }
    const broken = new Broken({ name: "b", agentType: "unit" });
    registry.register(broken);
    states.mockClear();
    broken.initialize();
    broken.initialize();
    expect(states.mock.calls).toEqual([["b", "created", "error"]]);
  });

  it("leave nothing with an agent that is unregistered", () => {
    const registry = new AgentRegistry();
    const agent = agentOf("a");
    const stop = vi.fn();
    const observe = vi.spyOn(agent, "observe").mockReturnValue(stop);
    registry.register(agent);
    expect(observe).toHaveBeenCalledTimes(1);
    expect(stop).not.toHaveBeenCalled();
    registry.register(agentOf("a"), { replace: true });
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it("end when asked to, and reach others whatever one throws", () => {
    const registry = new AgentRegistry();
    const told: string[] = [];
    registry.on("registered", () => {
      throw new Error("broken listener");
    });
    const off = registry.on("registered", ({ metadata }) => void told.push(metadata.name));
    registry.register(agentOf("a"));
    off();
    off();
    registry.register(agentOf("b"));
    expect(told).toEqual(["a"]);
  });

  it("find the registry as it is: changed before they are told", () => {
    const registry = new AgentRegistry();
    const sizes: number[] = [];
    registry.on("registered", (agent) => {
      sizes.push(registry.size);
      registry.unregister(agent);
    });
    registry.on("unregistered", () => sizes.push(registry.size));
    registry.register(agentOf("a"));
    expect(sizes).toEqual([1, 0]);
  });

  it.each(["added", "__proto__", "constructor"])("do not include %s", (event) => {
    expect(() => new AgentRegistry().on(event as never, () => undefined)).toThrow(
      new AgentUsageError(`A registry has no event "${event}"; it has registered, unregistered, state.`),
    );
  });
});

describe("the default registry", () => {
  it("is always the same one, and empty", () => {
    expect(defaultRegistry()).toBe(defaultRegistry());
    expect(defaultRegistry().size).toBe(0);
  });
});
