import * as z from "zod";
import { RetentionPolicy } from "./checkpoints.ts";

/** The environment variable by which VS Code tells the MCP server it starts what agents find around them: its settings and secrets. */
export const SURROUNDINGS_VARIABLE = "OPSVI_AGENTS_SURROUNDINGS";

export const GivenSurroundings = z.object({
  env: z.record(z.string(), z.string()),
  /** The names of those that are secrets. */
  secrets: z.array(z.string()),
  /** Absolute. */
  setupFile: z.string().optional(),
  retention: RetentionPolicy.optional(),
});
