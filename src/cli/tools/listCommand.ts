import { AgentToolReader } from "../../runs/tools/agentToolReader.ts";
import { ToolUses } from "../../runs/tools/toolUse.ts";
import { bundles } from "../bundles.ts";
import { surroundings } from "../environment.ts";
import { parseArguments } from "../json.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { findTarget } from "../workspace.ts";

export interface ToolsListOptions {
  args?: string;
  json?: true;
  env?: string;
  workspace?: string;
}

/** Lists the tools of an agent, which is made for that, and how its recorded runs used them. */
export async function toolsListCommand(
  agent: string,
  options: ToolsListOptions,
  output: Output,
): Promise<number> {
  const { root, name, file_path } = findTarget(agent, options.workspace);
  const args = options.args === undefined ? [] : parseArguments(options.args);
  const host = { hostFile: bundles.host, nodePath: process.execPath };
  const reader = new AgentToolReader(() => host, surroundings(options));
  try {
    const tools = await reader.of({ root, record: { file_path, name }, args });
    const uses = await new ToolUses().of(root);
    const used =
      uses.find((use) => use.agent.file_path === file_path && use.agent.name === name)?.tools ?? [];
    const rows = tools.map((tool) => ({
      ...tool,
      use: used.find((calls) => calls.name === tool.name) ?? null,
    }));
    if (rows.length === 0) output.note(`${name} has no tools once it is made.`);
    if (options.json) for (const row of rows) output.json(row);
    else
      for (const line of table(
        rows.map(({ name: tool, use, refusal, description }) => [
          tool,
          `${use?.calls ?? 0} calls`,
          `${use?.failures ?? 0} failed`,
          refusal === null ? description : `may not be called: ${refusal}`,
        ]),
      ))
        output.line(line);
    return 0;
  } finally {
    await reader.dispose();
  }
}
