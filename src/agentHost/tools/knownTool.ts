import type { StandardSchema } from "../../runtime/core/standardSchema.ts";
import type { ToolOrigin } from "../../model/agentTools.ts";

/** A tool that was found with an agent, and how to call it. */
export interface KnownTool {
  name: string;
  description: string;
  requiredCapabilities: readonly string[];
  /** What validates its parameters; null where nothing does. */
  schema: StandardSchema | null;
  /** JSON Schema of its parameters, where it was written down as such. */
  jsonSchema: unknown;
  origin: ToolOrigin;
  /** Why the agent may not call it, as the end of a sentence; null where it may. */
  refusal: string | null;
  /** Calls it for the agent. */
  call(params: unknown, signal: AbortSignal): unknown;
}

export const isFunction = (value: unknown): value is (...args: unknown[]) => unknown =>
  typeof value === "function";

export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const standard = "~standard" in value ? value["~standard"] : null;
  return typeof standard === "object" && standard !== null && "validate" in standard;
}
