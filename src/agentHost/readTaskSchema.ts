import { isAgent } from "../runtime/index.ts";
import { taskSchemaOf } from "../runtime/core/agent.ts";
import type { DeclaredTask, Outcome, ReadRequest } from "../model/hostProtocol.ts";
import { agentOf } from "./setupFile.ts";
import { findAgent } from "./findAgent.ts";
import { asJsonSchema } from "./jsonSchema.ts";
import { loadedFiles } from "./loadedFiles.ts";
import { loadModule } from "./loadModule.ts";

/** Makes the agent of a request and asks what its tasks look like. Throws what loading and constructing throw. */
export async function readTaskSchema(request: ReadRequest): Promise<Outcome> {
  const startedAt = performance.now();
  const { file, name } = request;
  const agent = await agentOf(findAgent(await loadModule(file), request), request, name);
  const declared = isAgent(agent) ? taskSchemaOf(agent) : null;
  const schema = declared && (await asJsonSchema(declared, file));
  const output: DeclaredTask = { schema: schema ?? null, files: loadedFiles(file) };
  const durationMs = Math.round(performance.now() - startedAt);
  return { status: "success", output, checkpointId: null, attempts: 1, warnings: [], durationMs };
}
