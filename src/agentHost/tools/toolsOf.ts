import { isAgent, type BaseAgent } from "../../runtime/index.ts";
import { toolSourcesOf } from "../../runtime/core/agent.ts";
import { loadedModules } from "../loadedFiles.ts";
import { toolsInFields } from "./fieldTools.ts";
import type { KnownTool } from "./knownTool.ts";
import { isRegistry, toolsOfRegistry } from "./registryTools.ts";
import { folderPath } from "../../model/folderPath.ts";

interface Where {
  root: string;
  file: string;
  /** What the file exports. */
  module: unknown;
}

/** The tools that an agent can be seen to have, each name once and sorted by it: its own before those it shares. */
export function toolsOf(agent: BaseAgent, instance: object, where: Where): KnownTool[] {
  const found = [
    ...registered(agent),
    ...toolsInFields(instance, agent),
    ...(isAgent(instance) ? [] : registered(instance)),
    ...exportedTools(agent, where),
  ];
  const known = new Map<string, KnownTool>();
  for (const tool of found) if (!known.has(tool.name)) known.set(tool.name, tool);
  return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function registered(agent: object): KnownTool[] {
  if (!isAgent(agent)) return [];
  const sources = toolSourcesOf(agent);
  if (sources === null) return agent.tools().map((name) => calledByName(agent, name));
  const { name, capabilities } = agent.metadata;
  const { own, shared } = sources;
  return [
    // An agent need not declare what it registers itself.
    ...(own === null ? [] : toolsOfRegistry(own, { metadata: { name, capabilities } }, { kind: "own" })),
    ...(shared === undefined ? [] : toolsOfRegistry(shared, agent, { kind: "shared" })),
  ];
}

/** Of an agent of an older copy of the runtime. */
const calledByName = (agent: BaseAgent, name: string): KnownTool => ({
  ...{ name, description: "", requiredCapabilities: [], schema: null, jsonSchema: null, refusal: null },
  origin: { kind: "own" },
  call: (params) => agent.executeTool(name, params),
});

/** Of registries that the file of the agent, or one that it imports, exports. */
function exportedTools(agent: BaseAgent, { root, file, module }: Where): KnownTool[] {
  const modules = new Map([...loadedModules(file), [file, module]]);
  return [...modules].flatMap(([path, exports]) => {
    const shown = folderPath(root, path);
    if (shown.startsWith("..")) return [];
    return exportsOf(exports)
      .filter(isRegistry)
      .flatMap((registry) => toolsOfRegistry(registry, agent, { kind: "file", path: shown }));
  });
}

/** A module that is still loading throws for what it has not got yet. */
function exportsOf(module: unknown): unknown[] {
  try {
    return typeof module === "object" && module !== null ? Object.values(module) : [];
  } catch {
    return [];
  }
}
