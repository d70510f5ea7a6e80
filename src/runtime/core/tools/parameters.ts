import { isPromiseLike } from "../collect.ts";
import { AgentUsageError } from "../errors.ts";
import { issueText, type StandardResult, type StandardSchema } from "../standardSchema.ts";
import { ToolParametersError } from "./errors.ts";

/** What the schema makes of the parameters; a schema that needs a promise for that cannot be used here. */
export function parseNow(tool: string, schema: StandardSchema | null, params: unknown): unknown {
  if (schema === null) return params;
  const answer = schema["~standard"].validate(params);
  if (!isPromiseLike(answer)) return parsed(tool, answer);
  // Nobody will ever look at this promise: its rejection must not end the process.
  answer.then(undefined, () => undefined);
  throw new AgentUsageError(
    `The parameters of tool "${tool}" are validated asynchronously: use executeAsync().`,
  );
}

/** {@link parseNow} for every schema. */
export async function parseLater(
  tool: string,
  schema: StandardSchema | null,
  params: unknown,
): Promise<unknown> {
  return schema === null ? params : parsed(tool, await schema["~standard"].validate(params));
}

function parsed(tool: string, answer: StandardResult<unknown>): unknown {
  if (answer.issues === undefined) return answer.value;
  throw new ToolParametersError(tool, answer.issues.map(issueText));
}

/** JSON Schema of what the schema takes, where the library that made it can tell. */
export function jsonSchemaOf(schema: StandardSchema): Record<string, unknown> | null {
  const standard = schema["~standard"] as {
    jsonSchema?: { input?: (options: { target: string }) => Record<string, unknown> };
  };
  try {
    return standard.jsonSchema?.input?.({ target: "draft-2020-12" }) ?? null;
  } catch {
    // It cannot tell this one.
    return null;
  }
}
