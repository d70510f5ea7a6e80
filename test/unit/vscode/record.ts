import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import type { IndexSnapshot } from "../../../src/model/indexerProtocol.ts";

/** A record with what matters to a test. */
export function record(fields: Partial<AgentRecord> & Pick<AgentRecord, "name">): AgentRecord {
  return {
    file_path: `src/${fields.name}.ts`,
    lineno: 1,
    end_line: 10,
    bases: [],
    methods: [],
    docstring: null,
    agent_type: fields.name,
    language: "typescript",
    kind: "class",
    framework: null,
    orchestrates: [],
    exported: fields.name,
    abstract: false,
    constructor_params: [],
    base_chain: [],
    inherited_methods: [],
    capabilities: [],
    role: "agent",
    test: false,
    confidence: 1,
    evidence: [],
    migrated: false,
    adapts: null,
    ...fields,
  };
}

export function snapshot(agents: AgentRecord[], rejected: AgentRecord[] = []): IndexSnapshot {
  return { root: "/w", agents, rejected, foreign: [], notes: [], files: agents.length, durationMs: 1 };
}
