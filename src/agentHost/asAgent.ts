import {
  AgentUsageError,
  isAgent,
  UniversalAgentAdapter,
  type AdapterMapping,
  type BaseAgent,
} from "../runtime/index.ts";
import { UserError } from "../model/userError.ts";
import { frameworkHint } from "./frameworkHint.ts";
import { readableError } from "./readableError.ts";

const SHUTDOWN_MS = 1_000;

/** What was made, as an agent: as it is, or in an adapter. */
export function asAgent(instance: object, name: string, mapping: AdapterMapping): BaseAgent {
  if (isAgent(instance)) return instance;
  const hint = Object.hasOwn(mapping, instance.constructor.name) ? null : frameworkHint(instance, name);
  if (hint !== null) throw new UserError(hint);
  try {
    return new UniversalAgentAdapter(instance, { agentType: name, name, mapping });
  } catch (error) {
    throw error instanceof AgentUsageError ? new UserError(error.message) : error;
  }
}

/** The result stands already: an agent that cannot shut down is named in the log only. */
export async function shutDown(agent: BaseAgent): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SHUTDOWN_MS);
  });
  try {
    await Promise.race([agent.shutdownAsync(), late]);
  } catch (error) {
    process.stderr.write(`Shutting the agent down failed: ${readableError(error).message}\n`);
  } finally {
    clearTimeout(timer);
  }
}
