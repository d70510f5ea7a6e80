import { formatAgentRef, parseAgentRef, runName } from "../model/agentRef.ts";
import type { AgentRecord, Parameter } from "../model/agentRecord.ts";
import type { OfferedAgent } from "../model/mcpFile.ts";
import { methodShape, taskTaker } from "../model/task/methodShape.ts";

type JsonSchema = Record<string, unknown>;

/** An agent as a tool of the MCP server. */
export interface AgentTool {
  name: string;
  title: string;
  description: string;
  inputSchema: JsonSchema & { type: "object" };
  agent: OfferedAgent;
}

const LONGEST_NAME = 64;

/** One tool for each offered agent, whether the index knows it or not. */
export function agentTools(offered: readonly OfferedAgent[], records: readonly AgentRecord[]): AgentTool[] {
  const byRef = new Map(
    records.map((record) => [formatAgentRef({ file: record.file_path, name: record.name }), record]),
  );
  const refs = offered.map(({ agent }) => parseAgentRef(agent));
  const short = refs.map((ref) => slug(runName(ref)));
  const taken = new Set<string>();
  return offered.map((agent, index) => {
    const { file = "", name = "" } = refs[index] ?? {};
    const own = short[index] ?? "";
    const alone = short.indexOf(own) === short.lastIndexOf(own);
    const tool = unique(alone ? own : slug(`${own}_${file.replace(/\.[^./]+$/, "")}`), taken);
    const record = byRef.get(agent.agent);
    return {
      name: tool,
      title: runName({ file, name }),
      description: describe(agent, record),
      inputSchema: inputSchema(agent, record),
      agent,
    };
  });
}

function describe({ agent }: OfferedAgent, record: AgentRecord | undefined): string {
  const told = record?.docstring?.trim() ?? "";
  return told === "" ? `Runs the agent ${agent} with a task.` : `${told}\n\nRuns the agent ${agent}.`;
}

function inputSchema({ args }: OfferedAgent, record: AgentRecord | undefined): AgentTool["inputSchema"] {
  const asked = args === undefined ? (record?.constructor_params ?? []) : [];
  const needed = asked.some(({ name, optional }) => !optional && !name.startsWith("..."));
  return {
    type: "object",
    properties: {
      task: taskSchema(record),
      ...(asked.length > 0 && { args: argumentsSchema(asked) }),
    },
    required: ["task", ...(needed ? ["args"] : [])],
  };
}

/** What is known of the task of an agent: a shape is JSON Schema. */
function taskSchema(record: AgentRecord | undefined): JsonSchema {
  const taker = record && taskTaker(record);
  const shape = taker === undefined ? null : methodShape(taker);
  return shape === null ? { description: "The task, any JSON." } : { description: "The task.", ...shape };
}

/** Constructor parameters by position. */
function argumentsSchema(params: readonly Parameter[]): JsonSchema {
  const list = params.map(({ name, type }) => (type === "" ? name : `${name}: ${type}`)).join(", ");
  const least = params.filter(({ name, optional }) => !optional && !name.startsWith("...")).length;
  return { type: "array", description: `The constructor's arguments: (${list})`, minItems: least };
}

/** Names of tools hold letters, digits, _ and -. */
function slug(text: string): string {
  const plain = text.replace(/[^\w-]+/g, "_").replace(/^_+|_+$/g, "");
  return plain === "" ? "agent" : plain.slice(-LONGEST_NAME);
}

function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name.slice(0, LONGEST_NAME - 4)}_${number}`;
  taken.add(free);
  return free;
}
