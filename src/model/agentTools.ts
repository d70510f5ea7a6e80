import * as z from "zod";

/** Where a tool is registered: by the agent itself, in a registry that it was given, in a field of it, or in one that a file exports. */
export const ToolOrigin = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("own") }),
  z.object({ kind: z.literal("shared") }),
  z.object({ kind: z.literal("field"), name: z.string() }),
  /** Relative to the workspace folder, forward slashes. */
  z.object({ kind: z.literal("file"), path: z.string() }),
]);
export type ToolOrigin = z.infer<typeof ToolOrigin>;

/** A tool of an agent, whether it may call it or not. */
export const AgentTool = z.object({
  name: z.string(),
  /** "" where nobody said what it does. */
  description: z.string(),
  /** JSON Schema of its parameters; null where nothing tells. */
  parameters: z.unknown(),
  requiredCapabilities: z.array(z.string()),
  origin: ToolOrigin,
  /** Why the agent may not call it, as the end of a sentence; null where it may. */
  refusal: z.string().nullable(),
});
export type AgentTool = z.infer<typeof AgentTool>;

/** The tools of an agent, sorted by name, and the user's files that they were read from. */
export const AgentTools = z.object({ tools: z.array(AgentTool), files: z.array(z.string()) });
export type AgentTools = z.infer<typeof AgentTools>;
