import { sep } from "node:path";
import { isAgent } from "../runtime/index.ts";
import { taskSchemaOf } from "../runtime/core/agent.ts";
import type { StandardSchema } from "../runtime/core/standardSchema.ts";
import { jsonSchemaOf } from "../runtime/core/tools/parameters.ts";
import type { DeclaredTask, Outcome, SchemaRequest } from "../model/hostProtocol.ts";
import { agentOf } from "./setupFile.ts";
import { findAgent } from "./findAgent.ts";
import { createLoader, loadModule } from "./loadModule.ts";

/** Makes the agent of a request and asks what its tasks look like. Throws what loading and constructing throw. */
export async function readTaskSchema(request: SchemaRequest): Promise<Outcome> {
  const startedAt = performance.now();
  const { file, name } = request;
  const agent = await agentOf(findAgent(await loadModule(file), request), request, name);
  const declared = isAgent(agent) ? taskSchemaOf(agent) : null;
  const schema = declared && (await asJsonSchema(declared, file));
  const output: DeclaredTask = { schema: schema ?? null, files: loadedFiles(file) };
  const durationMs = Math.round(performance.now() - startedAt);
  return { status: "success", output, checkpointId: null, attempts: 1, warnings: [], durationMs };
}

/** zod's own function leaves open what JSON Schema cannot say, where the standard's refuses the whole. */
async function asJsonSchema(schema: StandardSchema, file: string): Promise<unknown> {
  const own = schema["~standard"].vendor === "zod" ? await byZod(schema, file) : null;
  return own ?? jsonSchemaOf(schema);
}

interface Zod {
  toJSONSchema?: (schema: unknown, options: object) => unknown;
}

/** By the zod that the file of the agent would import. */
async function byZod(schema: StandardSchema, file: string): Promise<unknown> {
  try {
    const zod = await createLoader(file).import<Zod & { z?: Zod }>("zod");
    const toJSONSchema = zod.toJSONSchema ?? zod.z?.toJSONSchema;
    const made = toJSONSchema?.(schema, { io: "input", unrepresentable: "any" });
    return made === undefined ? null : (JSON.parse(JSON.stringify(made)) as unknown);
  } catch {
    // Another zod made it.
    return null;
  }
}

/** What was loaded of the user's own; native ES modules are not told. */
function loadedFiles(file: string): string[] {
  const own = Object.keys(createLoader(file).cache).filter(
    (path) => !path.includes(`${sep}node_modules${sep}`),
  );
  return [...new Set([file, ...own])].filter((path) => !path.startsWith(__dirname + sep));
}
