import { describe, expect, it } from "vitest";
import {
  type AdapterMapping,
  type AdapterOptions,
  type LegacySource,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";
import * as shapes from "./legacyShapes.ts";

/** What detection by names cannot know of the 28 bases: everything of the others is found. */
const mapping: AdapterMapping = {
  AsyncAgent: { failedWhen: "reported" },
  CallbackAgent: { arguments: ["task", "callback"] },
  BuilderAgent: { init: "configure" },
  ResultAgent: { failedWhen: { field: "ok", equals: false } },
  ReportingAgent: { failedWhen: "reported" },
  PrivateAgent: { snapshot: { get: "exportState", set: "importState" } },
  TranslationAgent: { method: "translate", arguments: ["task.text", "task.languages.from", { value: "en" }] },
  PropertyAgent: { method: "executeWith", init: "start" },
  OptionsAgent: { arguments: ["task", "context"] },
};

interface Case {
  make: () => LegacySource;
  /** The task whose `text` is this. */
  task: (text: string) => unknown;
  value: unknown;
  options?: Partial<AdapterOptions>;
  /** What starting, executing "hi" once and shutting down log. */
  calls?: string[];
  /** A warning that says that state was not rolled back. */
  lost?: RegExp;
}

const text = (task: string): unknown => task;
const record = (task: string): unknown => ({ text: task });

const cases: Record<string, Case> = {
  TaskAgent: { make: () => shapes.TaskAgent, task: record, value: { output: "HI" } },
  AsyncAgent: {
    make: () => shapes.AsyncHeir,
    task: text,
    value: "HI",
    calls: ["initialize", "hi", "shutdown"],
  },
  RequestAgent: {
    make: () => shapes.RequestAgent,
    task: (inputText) => ({ sessionId: "s", userId: "u", inputText, chatHistory: ["a"] }),
    value: { role: "assistant", content: [{ text: "HI" }] },
    calls: ["hi/u/s/1/none"],
  },
  StepAgent: {
    make: () => shapes.StepAgent,
    task: record,
    value: { status: "completed", result: "HI" },
    calls: ["hi@0"],
  },
  ActorAgent: {
    make: () => shapes.ActorAgent,
    task: (content) => ({ content }),
    value: undefined,
    calls: ["HI"],
  },
  CallbackAgent: { make: () => shapes.CallbackAgent, task: text, value: "HI" },
  EmitterAgent: { make: () => shapes.EmitterAgent, task: text, value: "HI" },
  BuilderAgent: {
    make: () => shapes.BuilderAgent,
    task: text,
    value: "HI",
    calls: ["configure", "hi"],
    lost: /private fields/,
  },
  ResultAgent: { make: () => shapes.ResultAgent, task: text, value: { ok: true, data: "HI" } },
  ReportingAgent: { make: () => shapes.ReportingAgent, task: record, value: { success: true, data: "HI" } },
  StreamAgent: { make: () => shapes.StreamAgent, task: text, value: ["H", "I"] },
  GeneratorAgent: { make: () => shapes.GeneratorAgent, task: text, value: ["H", "I"] },
  SteppingAgent: { make: () => shapes.SteppingAgent, task: text, value: "HI" },
  FactoryAgent: {
    make: () => (key: string) => shapes.FactoryAgent.create(key),
    task: text,
    options: { args: ["key"] },
    value: "HI",
    calls: ["hi:key"],
    lost: /private fields/,
  },
  ConnectedAgent: {
    make: () => () => shapes.ConnectedAgent.connect(),
    task: text,
    value: "HI",
    calls: ["connect", "hi"],
  },
  GetterAgent: { make: () => shapes.GetterAgent, task: text, value: "HI" },
  PrivateAgent: { make: () => shapes.PrivateAgent, task: text, value: "HI" },
  ArrowAgent: { make: () => shapes.ArrowAgent, task: record, value: "HI" },
  OldAgent: { make: () => shapes.OldAgent, task: text, value: "HI" },
  TranslationAgent: {
    make: () => shapes.TranslationAgent,
    task: (task) => ({ text: task, languages: { from: "de" } }),
    value: "HI",
    calls: ["hi de>en"],
  },
  PropertyAgent: {
    make: () => shapes.PropertyAgent,
    task: (input) => ({ input }),
    value: "HI",
    calls: ["start", "hi"],
  },
  OptionsAgent: {
    make: () => shapes.OptionsAgent,
    task: (content) => ({ messages: [{ content }] }),
    value: { messages: [{ content: "hi" }, { content: "HI" }] },
    calls: ["hi/false"],
  },
  RestAgent: {
    make: () => shapes.RestAgent,
    task: (first) => [first, "there"],
    value: "HI THERE",
    calls: ["hi", "there"],
  },
  MixedAgent: { make: () => shapes.MixedAgent, task: text, value: "HI" },
  MapAgent: {
    make: () => shapes.MapAgent,
    task: text,
    value: "HI",
    calls: ["hi"],
    lost: /entries of the Map/,
  },
  ProxyAgent: { make: () => shapes.proxyAgent, task: text, value: "HI" },
  FrozenAgent: { make: () => shapes.FrozenAgent, task: text, value: "HI", calls: ["hi", "disposed"] },
  functionAgent: { make: () => shapes.functionAgent, task: text, value: "HI" },
};

/** What was called, wherever the agent keeps it. */
function logOf(legacy: object): string[] {
  if (legacy instanceof shapes.PrivateAgent) return [...legacy.exportState().log];
  if (legacy instanceof Map) return [...(legacy as Map<string, string>).keys()];
  return [...(legacy as { log: string[] }).log];
}

it("are 28", () => {
  expect(Object.keys(cases)).toHaveLength(28);
});

describe.each(Object.entries(cases))(
  "%s",
  (name, { make, task, value, options = {}, calls = ["hi"], lost }) => {
    const adapt = () => new UniversalAgentAdapter(make(), { agentType: "legacy", name, mapping, ...options });

    it("is started, called exactly once and ended", async () => {
      const adapter = adapt();
      const result = await adapter.executeAsync(task("hi"));
      expect(result).toMatchObject({ status: "success", attempts: 1, warnings: [] });
      expect(result.status === "success" && result.value).toEqual(value);
      const { legacy } = adapter;
      expect(await adapter.shutdownAsync()).toBe(true);
      expect(adapter.state).toBe("stopped");
      expect(logOf(legacy)).toEqual(calls);
    });

    it("fails with what it failed with, is rolled back or says that it is not, and works again", async () => {
      const adapter = adapt();
      expect(await adapter.initializeAsync()).toBe(true);
      const { legacy } = adapter;
      const before = logOf(legacy);
      const result = await adapter.executeAsync(task("fail"));
      expect(result).toMatchObject({ status: "failed", attempts: 1 });
      expect(result.status === "failed" && result.error.message).toMatch(/told to fail|ok: false/);
      if (lost === undefined) expect(result.warnings).toEqual([]);
      else expect(result.warnings.join()).toMatch(lost);
      expect(logOf(legacy)).toEqual(before);
      const again = await adapter.executeAsync(task("hi"));
      expect(again.status === "success" && again.value).toEqual(value);
      expect(adapter.legacy).toBe(legacy);
    });

    it("is never given what it does not take", async () => {
      if (!["RequestAgent", "TranslationAgent"].includes(name)) return;
      const adapter = adapt();
      expect(await adapter.executeAsync("hi")).toMatchObject({ error: { name: "TaskValidationError" } });
      expect(logOf(adapter.legacy)).toEqual([]);
    });
  },
);
