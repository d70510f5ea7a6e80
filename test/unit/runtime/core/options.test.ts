import { describe, expect, it } from "vitest";
import {
  type AgentOptions,
  AgentUsageError,
  BaseAgent,
  MemoryCheckpointStore,
} from "../../../../src/runtime/index.ts";
import { shown } from "../../../../src/runtime/core/options.ts";
import { TestAgent } from "./testAgent.ts";

const unusable: [unknown, string][] = [
  [null, "Options are an object such as {retry: {attempts: 3}}, and not null:"],
  [3, "Options are an object such as {retry: {attempts: 3}}, and not 3:"],
  ["fast", 'Options are an object such as {retry: {attempts: 3}}, and not "fast":'],
  [[], "Options are an object such as {retry: {attempts: 3}}, and not a list:"],
  [{ retry: 3 }, "The option retry is a policy such as {attempts: 3}, and not 3:"],
  [{ retry: null }, "The option retry is a policy such as {attempts: 3}, and not null:"],
  [{ retry: [3] }, "The option retry is a policy such as {attempts: 3}, and not a list:"],
  [
    { checkpoints: {} },
    "The option checkpoints is a CheckpointStore such as a FileCheckpointStore, and not such an object:",
  ],
  [
    { checkpoints: MemoryCheckpointStore },
    "The option checkpoints is a CheckpointStore such as a FileCheckpointStore, and not a function:",
  ],
  [
    { errors: {} },
    "The option errors is an ErrorRecorder such as an ErrorPatternLearner, and not such an object:",
  ],
  [
    { failedWhen: true },
    "The option failedWhen is a function that answers with a boolean or a text, and not true:",
  ],
  [{ tools: [] }, "The option tools is a ToolRegistry, and not a list:"],
  [{ answerer: "yes" }, 'The option answerer is a function that answers questions, and not "yes":'],
  [{ observers: {} }, "The option observers is a list of observers, and not such an object:"],
  [{ clock: Date }, "The option clock is a Clock, and not a function:"],
  [{ onEvent: null }, "The option onEvent is a function that is told events, and not null:"],
  [{ resume: null }, "The option resume is the id of a checkpoint, and not null:"],
  [{ signal: null }, "The option signal is an AbortSignal:"],
];

describe.each(unusable)("options that cannot be used: %j", (given, message) => {
  const options = given as AgentOptions;

  it("are refused by an execution, and the next is executed", async () => {
    const agent = new TestAgent(() => 1);
    expect(() => agent.execute({}, options)).toThrow(message);
    const executing = agent.executeAsync({}, options);
    await expect(executing).rejects.toThrow(AgentUsageError);
    await expect(executing).rejects.toThrow(message);
    expect(agent.calls).toBe(0);
    expect(agent.execute({}).status).toBe("success");
  });

  it("are refused by an agent that is made", () => {
    const make = () => new BaseAgent({ name: "a", agentType: "t" }, options);
    expect(make).toThrow(AgentUsageError);
    expect(make).toThrow(message);
  });
});

it("takes undefined for options that there are not, and leaves others to subclasses", () => {
  const options = { retry: undefined, checkpoints: undefined, signal: undefined, own: 3 };
  const agent = new TestAgent(() => 1, options);
  expect(agent.execute({}, options).status).toBe("success");
});

it("shows what was given, whatever it is", () => {
  const given = [1n, Symbol("s"), undefined, Object.create(null), Number.NaN];
  expect(given.map(shown)).toEqual(["1", "Symbol(s)", "undefined", "such an object", "NaN"]);
});
