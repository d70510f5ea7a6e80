import type { AgentRecord, BaseLink } from "../../../src/model/agentRecord.ts";

/** A class as the index knows it. */
export function recordOf(name: string, file_path: string, base_chain: BaseLink[] = []): AgentRecord {
  return {
    name,
    file_path,
    lineno: 1,
    end_line: 3,
    bases: base_chain.map((link) => link.name),
    methods: [],
    docstring: null,
    agent_type: "research",
    language: "typescript",
    kind: "class",
    exported: name,
    abstract: false,
    constructor_params: [],
    base_chain,
    inherited_methods: [],
    capabilities: [
      { name: "task_execution", own: true, method: "run", file_path, lineno: 2 },
      { name: "tool_usage", own: true, method: "useTool", file_path, lineno: 3 },
    ],
    role: "agent",
    test: false,
    confidence: 1,
    evidence: [],
    migrated: false,
    adapts: null,
  };
}
