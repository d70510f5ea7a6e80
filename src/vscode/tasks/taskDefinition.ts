import * as z from "zod";
import { UserError } from "../../model/userError.ts";

/** A task of the type "agent" in tasks.json, as the manifest declares it. */
export const AgentTask = z.object({
  /** FILE#Class */
  agent: z.string(),
  /** Any JSON; what is not there is asked for. */
  task: z.unknown().optional(),
  args: z.array(z.unknown()).optional(),
  retries: z.number().int().min(0).max(100).optional(),
  timeoutSeconds: z.number().min(0).optional(),
});
export type AgentTask = z.infer<typeof AgentTask>;

const hints: Record<keyof AgentTask, string> = {
  agent: 'write "FILE#Class", for example "src/research.ts#ResearchAgent"',
  task: "write any JSON",
  args: 'write the constructor\'s arguments as an array, for example ["first", { "second": true }]',
  retries: "write a whole number from 0 to 100",
  timeoutSeconds: "write a number of seconds, or 0 for no limit",
};

/** Throws a UserError that names what is wrong. */
export function parseAgentTask(definition: unknown): AgentTask {
  const parsed = AgentTask.safeParse(definition);
  if (parsed.success) return parsed.data;
  const property = AgentTask.keyof().parse(parsed.error.issues[0]?.path[0] ?? "agent");
  throw new UserError(`"${property}" of this task cannot be used: ${hints[property]}.`);
}
