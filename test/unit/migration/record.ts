import type { AgentRecord, BaseLink } from "../../../src/model/agentRecord.ts";
import { record } from "../vscode/record.ts";

/** A class as the index knows it. */
export function recordOf(name: string, file_path: string, base_chain: BaseLink[] = []): AgentRecord {
  return record({
    name,
    file_path,
    end_line: 3,
    bases: base_chain.map((link) => link.name),
    agent_type: "research",
    base_chain,
    capabilities: [
      { name: "task_execution", own: true, method: "run", file_path, lineno: 2 },
      { name: "tool_usage", own: true, method: "useTool", file_path, lineno: 3 },
    ],
  });
}
