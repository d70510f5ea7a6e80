import { formatAgentRef } from "../../model/agentRef.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { taskTaker } from "../../model/task/methodShape.ts";
import { signature } from "../run/jsonInput.ts";

/** An agent and the name of its workspace folder, null where there is only one. */
export interface Listed {
  record: AgentRecord;
  folder: string | null;
}

const MOST = 100;

/** FILE#Class, after the name of the folder where there are several. */
export function referenceTo({ record, folder }: Listed): string {
  const file = folder === null ? record.file_path : `${folder}/${record.file_path}`;
  return formatAgentRef({ file, name: record.name });
}

/** What a language model is told of the agents: one JSON object a line. `query` is a part of a reference or of a capability. */
export function agentList(agents: readonly Listed[], query = ""): string {
  const wanted = query.trim().toLowerCase();
  const found = agents.filter((agent) =>
    [referenceTo(agent), ...agent.record.capabilities.map(({ name }) => name)].some((text) =>
      text.toLowerCase().includes(wanted),
    ),
  );
  if (found.length === 0) {
    return agents.length === 0
      ? "There is no agent in this workspace that can be run."
      : `None of the ${agents.length} agents matches "${query}".`;
  }
  const lines = found.slice(0, MOST).map((agent) => JSON.stringify(describe(agent)));
  const left = found.length - lines.length;
  return [...lines, ...(left > 0 ? [`${left} more: narrow the list with "query".`] : [])].join("\n");
}

function describe(agent: Listed): Record<string, unknown> {
  const { docstring, capabilities, constructor_params: constructed } = agent.record;
  const taken = taskTaker(agent.record);
  return {
    agent: referenceTo(agent),
    ...(docstring !== null && { description: docstring }),
    capabilities: [...new Set(capabilities.map(({ name }) => name))],
    ...(taken !== undefined && { task: `${taken.name}${signature(taken.params)}` }),
    ...(constructed.length > 0 && { args: signature(constructed) }),
  };
}
