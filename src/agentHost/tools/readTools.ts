import type { AgentTool, AgentTools } from "../../model/agentTools.ts";
import type { Outcome, ReadRequest } from "../../model/hostProtocol.ts";
import { asJsonSchema } from "../jsonSchema.ts";
import { loadedFiles } from "../loadedFiles.ts";
import type { KnownTool } from "./knownTool.ts";
import { openAgent } from "./openAgent.ts";

/** Makes the agent of a request and asks which tools it has; it is not initialised. Throws what loading and constructing throw. */
export async function readTools(request: ReadRequest): Promise<Outcome> {
  const startedAt = performance.now();
  const { file } = request;
  const { tools } = await openAgent(request);
  const described = await Promise.all(tools().map((tool) => describe(tool, file)));
  const output: AgentTools = { tools: described, files: loadedFiles(file) };
  const durationMs = Math.round(performance.now() - startedAt);
  return { status: "success", output, checkpointId: null, attempts: 1, warnings: [], durationMs };
}

async function describe(tool: KnownTool, file: string): Promise<AgentTool> {
  const { name, description, requiredCapabilities, schema, jsonSchema, origin, refusal } = tool;
  const parameters = schema === null ? asPlain(jsonSchema) : await asJsonSchema(schema, file);
  return {
    ...{ name, description, origin, refusal },
    parameters: parameters ?? null,
    requiredCapabilities: [...requiredCapabilities],
  };
}

/** What a class wrote down is sent as it is, where that is JSON. */
function asPlain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    return null;
  }
}
