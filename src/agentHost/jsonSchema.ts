import type { StandardSchema } from "../runtime/core/standardSchema.ts";
import { jsonSchemaOf } from "../runtime/core/tools/parameters.ts";
import { createLoader } from "./loadModule.ts";

/**
 * JSON Schema of what a schema takes; null where that cannot be told. zod's own function leaves open what JSON Schema
 * cannot say, where the standard's refuses the whole.
 * @param file of the agent that the schema is of
 */
export async function asJsonSchema(schema: StandardSchema, file: string): Promise<unknown> {
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
