import * as z from "zod";

/** What a workspace adds to the rules by which agents are found; the settings `opsviAgents.index.*`. */
export const IndexSettings = z.object({
  /** Class names that mean an agent: `*` stands for any characters. */
  agentNames: z.array(z.string()),
  /** Class names that mean none, likewise. */
  notAgentNames: z.array(z.string()),
  /** Base classes whose heirs are agents, by name. */
  agentBases: z.array(z.string()),
  /** Method names by the capability that they prove, likewise. */
  capabilities: z.record(z.string(), z.array(z.string())),
});
export type IndexSettings = z.infer<typeof IndexSettings>;

export const noSettings: IndexSettings = {
  agentNames: [],
  notAgentNames: [],
  agentBases: [],
  capabilities: {},
};
