import { describe, expect, it } from "vitest";
import { frameworkOf, packageOf } from "../../../src/indexer/frameworks.ts";

describe("the package of a module specifier", () => {
  it.each([
    ["agents", "agents"],
    ["agents/mcp/client", "agents"],
    ["@google/adk", "@google/adk"],
    ["@google/adk/dist/esm/index.js", "@google/adk"],
    ["lodash.get", "lodash.get"],
    ["./agents", null],
    ["../agents", null],
    [".", null],
    ["/agents", null],
    ["#agents", null],
    ["node:events", null],
    ["https://example.com/agents.js", null],
    ["@/agents", null],
    ["~/agents", null],
    ["", null],
  ])("%s: %s", (specifier, name) => expect(packageOf(specifier)).toBe(name));
});

describe("the framework of a module specifier", () => {
  it.each([
    ["@openai/agents", "@openai/agents"],
    ["@openai/agents-core", "@openai/agents"],
    ["@openai/agents/realtime", "@openai/agents"],
    ["@langchain/langgraph/prebuilt", "@langchain/langgraph"],
    ["@langchain/langgraph-supervisor", "@langchain/langgraph"],
    ["@langchain/core/runnables", "@langchain/core"],
    ["@langchain/openai", null],
    ["@ag-ui/core", "@ag-ui/client"],
    ["multi-agent-orchestrator", "agent-squad"],
    ["agents", "agents"],
    ["agentsmith", null],
    ["ai/rsc", "ai"],
    ["./ai", null],
  ])("%s: %s", (specifier, framework) => expect(frameworkOf(specifier)).toBe(framework));
});
