import { expect, expectTypeOf, it } from "vitest";
import {
  AgentMigrator,
  AgentUsageError,
  type BaseAgent,
  MemoryCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

class Greeter {
  readonly greeting: string;
  constructor(greeting = "hello") {
    this.greeting = greeting;
  }
  run(name: string): string {
    return `${this.greeting} ${name}`;
  }
}

it("wraps, registers and logs a class, a factory or an instance", () => {
  const migrator = new AgentMigrator();
  const greeter = new Greeter("hi");
  const adapters = [
    migrator.migrateAgent(Greeter, "social", { args: ["good day"], name: "class" }),
    migrator.migrateAgent(() => greeter, "social", { name: "factory" }),
    migrator.migrateAgent(greeter, "social"),
  ];
  expectTypeOf(adapters).toEqualTypeOf<UniversalAgentAdapter<Greeter>[]>();
  expect(adapters.map((adapter) => adapter.execute("Ada"))).toMatchObject([
    { value: "good day Ada" },
    { value: "hi Ada" },
    { value: "hi Ada" },
  ]);
  expect(adapters[2]?.legacy).toBe(greeter);
  expect(migrator.registry.list()).toEqual(adapters);
  expect(
    migrator.log.map(({ status, className, agent, file, reason }) => [
      status,
      className,
      agent,
      file,
      reason,
    ]),
  ).toEqual([
    ["migrated", "Greeter", "class", null, null],
    ["migrated", "Agent", "factory", null, null],
    ["migrated", "Greeter", "Greeter", null, null],
  ]);
  expect(migrator.log[0]).toMatchObject({ agentType: "social", capabilities: ["task_execution"], line: 0 });
  expect(Date.parse(migrator.log[0]?.timestamp ?? "")).not.toBeNaN();
});

it("logs and throws what keeps a class from being made or registered", () => {
  const migrator = new AgentMigrator();
  class Needy {
    constructor(llm: { ask: () => string }) {
      llm.ask();
    }
    run = () => 1;
  }
  expect(() => migrator.migrateAgent(Needy, "x")).toThrow(
    /^Needy failed to make an agent: .* Its constructor takes \(llm\): give them with the option "args", or give a factory\.$/,
  );
  migrator.migrateAgent(Greeter, "x");
  expect(() => migrator.migrateAgent(Greeter, "x")).toThrow(AgentUsageError);
  expect(migrator.log.map(({ status, agent }) => [status, agent])).toEqual([
    ["failed", null],
    ["migrated", "Greeter"],
    ["failed", null],
  ]);
});

it.each([null, undefined, 5, "agent"])("logs and refuses %s, which is no agent", (nothing) => {
  const migrator = new AgentMigrator();
  expect(() => migrator.migrateAgent(nothing as never, "x")).toThrow(AgentUsageError);
  expect(migrator.log).toMatchObject([
    {
      status: "failed",
      agentType: "x",
      agent: null,
      reason: expect.stringMatching(/which is no agent\.$/) as string,
    },
  ]);
});

it("takes any registry, and options for all its adapters", () => {
  const taken: BaseAgent[] = [];
  const registry = { register: (agent: BaseAgent) => taken.push(agent), own: true };
  const checkpoints = new MemoryCheckpointStore();
  const migrator = new AgentMigrator({ registry, adapter: { checkpoints } });
  expectTypeOf(migrator.registry.own).toEqualTypeOf<boolean>();
  const adapter = migrator.migrateAgent(Greeter, "social");
  expect(taken).toEqual([adapter]);
  adapter.execute("Ada");
  expect(checkpoints.latest("Greeter")).not.toBeNull();
});

it("hands out its log as a copy", () => {
  const migrator = new AgentMigrator();
  migrator.migrateAgent(Greeter, "x");
  (migrator.log as unknown[]).length = 0;
  expect(migrator.log).toHaveLength(1);
  expect(Object.isFrozen(migrator.log[0])).toBe(true);
});
