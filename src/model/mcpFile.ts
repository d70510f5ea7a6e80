import * as z from "zod";
import { parseAgentRef } from "./agentRef.ts";
import { parseProjectFile } from "./projectFile.ts";
import { UserError } from "./userError.ts";

/** Says which agents a folder offers over MCP; checked in. */
export const mcpFile = ".proj-intel/mcp.json";

const agent = z.string().meta({ description: "FILE#Class, the file relative to the folder." });
const Entry = z.strictObject({
  agent,
  args: z.array(z.unknown()).optional().meta({ description: "The constructor's arguments." }),
});
export type OfferedAgent = z.infer<typeof Entry>;

export const McpFile = z
  .strictObject({
    agents: z
      .array(z.union([agent, Entry]))
      .min(1)
      .meta({ description: "The agents that the folder offers over MCP." }),
  })
  .meta({ title: "Agents offered over MCP" });

/** Throws a UserError that names what is wrong. */
export function parseMcpFile(text: string): OfferedAgent[] {
  const write =
    '{"agents": ["src/research.ts#ResearchAgent"]}, with {"agent": …, "args": […]} for one that is constructed with arguments';
  const { agents } = parseProjectFile(mcpFile, text, McpFile, write);
  const offered = agents.map((entry) => (typeof entry === "string" ? { agent: entry } : entry));
  const seen = new Set<string>();
  for (const { agent } of offered) {
    parseAgentRef(agent);
    if (seen.has(agent)) throw new UserError(`${mcpFile} names ${agent} twice: leave one out.`);
    seen.add(agent);
  }
  return offered;
}
