import { join } from "node:path";
import { isAgent, UniversalAgentAdapter, type BaseAgent } from "../../runtime/index.ts";
import { runName } from "../../model/agentRef.ts";
import type { HostRequest } from "../../model/hostProtocol.ts";
import { UserError } from "../../model/userError.ts";
import { adapterMapping } from "../adapterMapping.ts";
import { findAgent } from "../findAgent.ts";
import { frameworkHint } from "../frameworkHint.ts";
import { loadModule } from "../loadModule.ts";
import { agentOf } from "../setupFile.ts";
import type { KnownTool } from "./knownTool.ts";
import { toolsOf } from "./toolsOf.ts";

type Request = Pick<HostRequest, "root" | "file" | "name" | "args" | "setupFile">;

export interface OpenAgent {
  agent: BaseAgent;
  /** As they are now: an agent may register some when it is initialised. */
  tools: () => KnownTool[];
}

/** Loads and makes the agent of a request. Throws what loading and constructing throw. */
export async function openAgent(request: Request): Promise<OpenAgent> {
  const { root, file } = request;
  const name = runName(request);
  const module = await loadModule(file);
  const instance = await agentOf(findAgent(module, request), request, name);
  const agent = isAgent(instance)
    ? instance
    : new UniversalAgentAdapter(instance, {
        ...{ agentType: name, name },
        mapping: adapterMapping(join(root, ".proj-intel")),
      });
  const byFramework = frameworkHint(instance, name) !== null;
  const found = () => toolsOf(agent, instance, { root, file, module });
  return { agent, tools: byFramework ? () => found().map(calledByFramework) : found };
}

const calledByFramework = (tool: KnownTool): KnownTool => ({
  ...tool,
  refusal: "its framework alone calls it",
  call: () => {
    throw new UserError(`Tool "${tool.name}" cannot be run alone: its framework alone calls it.`);
  },
});
