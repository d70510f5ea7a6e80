import { describe, expect, it } from "vitest";
import {
  AgentMetadata,
  type AgentMetadataInit,
  AgentUsageError,
  BaseAgent,
} from "../../../../src/runtime/index.ts";

describe("metadata", () => {
  it("has defaults, and copies what it is given", () => {
    const tools = ["search"];
    const capabilities = ["web"];
    const metadata = new AgentMetadata({ name: "a", agentType: "t", tools, capabilities });
    tools.push("more");
    capabilities.push("more");
    expect(metadata).toEqual({
      name: "a",
      agentType: "t",
      capabilities: ["web"],
      version: "1.0.0",
      tools: ["search"],
    });
    expect(new AgentMetadata({ name: "a", agentType: "t" })).toMatchObject({
      capabilities: [],
      tools: undefined,
    });
    expect(() => (metadata.tools as string[]).push("x")).toThrow(TypeError);
  });

  it("is shared where it is given as such", () => {
    const metadata = new AgentMetadata({ name: "a", agentType: "t" });
    expect(new BaseAgent(metadata).metadata).toBe(metadata);
  });

  it.each<[Partial<AgentMetadataInit>, RegExp]>([
    [undefined as unknown as Partial<AgentMetadataInit>, /needs a name/],
    [{ agentType: "t" }, /name/],
    [{ name: " ", agentType: "t" }, /name/],
    [{ name: "a" }, /agentType/],
    [{ name: "a", agentType: "t", tools: "search" as unknown as string[] }, /tools/],
    [{ name: "a", agentType: "t", capabilities: [1] as unknown as string[] }, /capabilities/],
  ])("refuses %j", (init, message) => {
    expect(() => new AgentMetadata(init as AgentMetadataInit)).toThrow(AgentUsageError);
    expect(() => new AgentMetadata(init as AgentMetadataInit)).toThrow(message);
  });
});
