import type { SharedTools, ToolCaller, ToolInfo, ToolRegistry } from "../../runtime/index.ts";
import type { ToolOrigin } from "../../model/agentTools.ts";
import { isFunction, isStandardSchema, type KnownTool } from "./knownTool.ts";

/** What tells more than {@link SharedTools} has to; an older copy of the runtime lacks `refusalFor`. */
type Registry = SharedTools & Partial<Pick<ToolRegistry, "list" | "refusalFor">>;

/** Whether a value is a ToolRegistry, also one of another copy of the runtime. */
export function isRegistry(value: unknown): value is Registry {
  if (typeof value !== "object" || value === null) return false;
  const wanted = ["getToolsForAgent", "execute", "executeAsync"] as const;
  return wanted.every((name) => isFunction((value as Record<string, unknown>)[name]));
}

/** The tools of a registry, also those that the agent may not call. */
export function toolsOfRegistry(registry: Registry, agent: ToolCaller, origin: ToolOrigin): KnownTool[] {
  const open = registry.getToolsForAgent(agent);
  const infos = registry.list?.() ?? open.map(nameOnly);
  return infos.map((info) => ({
    name: info.name,
    description: info.description,
    requiredCapabilities: info.requiredCapabilities,
    schema: isStandardSchema(info.parameters) ? info.parameters : null,
    jsonSchema: null,
    origin,
    refusal: open.includes(info.name) ? null : (registry.refusalFor?.(info.name, agent) ?? "it is refused"),
    call: (params, signal) => registry.executeAsync(info.name, agent, params, { signal }),
  }));
}

const nameOnly = (name: string): Omit<ToolInfo, "timeoutMs"> => ({
  name,
  description: "",
  requiredCapabilities: [],
  parameters: null,
});
