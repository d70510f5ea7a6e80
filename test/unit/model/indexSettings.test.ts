import { expect, it } from "vitest";
import { noSettings, readIndexSettings } from "../../../src/model/indexSettings.ts";

const read = (values: Record<string, unknown>) =>
  readIndexSettings((id) => values[id.replace("opsviAgents.index.", "")]);

it("reads what is written, and nothing as nothing", () => {
  expect(read({})).toEqual({ settings: noSettings, problems: [] });
  const settings = {
    agentNames: ["*Worker"],
    notAgentNames: ["Old*"],
    agentBases: ["Pipeline"],
    capabilities: { messaging: ["tell*"], planning: [] },
  };
  expect(read(settings)).toEqual({ settings, problems: [] });
});

it("leaves out what it cannot use, with a sentence each", () => {
  const read1 = read({
    agentNames: ["*Worker", 5, ""],
    notAgentNames: "Old*",
    agentBases: { Pipeline: true },
    capabilities: { messaging: ["tell*", null], flying: ["fly"], planning: "plan" },
  });
  expect(read1.settings).toEqual({
    agentNames: ["*Worker"],
    notAgentNames: [],
    agentBases: [],
    capabilities: { messaging: ["tell*"], planning: [] },
  });
  expect(read1.problems).toEqual([
    'opsviAgents.index.agentNames takes a list of class names such as ["*Worker"]; 5 was left out.',
    'opsviAgents.index.notAgentNames takes a list of class names such as ["*Worker"]; "Old*" was left out.',
    'opsviAgents.index.agentBases takes a list of class names such as ["*Worker"]; {"Pipeline":true} was left out.',
    'opsviAgents.index.capabilities.messaging takes a list of method names such as ["answer*"]; null was left out.',
    'opsviAgents.index.capabilities knows no capability "flying", only task_execution, tool_usage, memory_access, messaging, lifecycle, orchestration, planning, streaming; it was left out.',
    'opsviAgents.index.capabilities.planning takes a list of method names such as ["answer*"]; "plan" was left out.',
  ]);
  expect(read({ capabilities: ["fly"] }).problems).toEqual([
    'opsviAgents.index.capabilities takes an object of capabilities and method names; ["fly"] was left out.',
  ]);
});
