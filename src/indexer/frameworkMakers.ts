import { claimOf } from "./agentName.ts";
import { frameworkOf } from "./frameworks.ts";

/** What a framework offers for making agents, beyond what the names of its exports say. */
interface Offer {
  classes?: readonly string[];
  functions?: readonly string[];
  /** Classes that are called like agents and are none. */
  notAgents?: readonly string[];
  /** How its agents are given a task: a method of theirs. */
  method?: string;
}

/** By framework, as in the table of frameworks. */
const OFFERS: Readonly<Record<string, Offer>> = {
  "@ag-ui/client": { method: "runAgent" },
  "@agentica/core": { classes: ["Agentica", "MicroAgentica"], method: "conversate" },
  "@ax-llm/ax": { functions: ["agent"], method: "forward" },
  "@elizaos/core": { classes: ["AgentRuntime"] },
  "@google/adk": { method: "runAsync" },
  "@inngest/agent-kit": { method: "run" },
  "@langchain/langgraph": { functions: ["createSupervisor", "createSwarm"], method: "invoke" },
  "@mastra/core": { method: "generate" },
  "@microsoft/agents-hosting": {
    classes: ["AgentApplication", "ActivityHandler", "TeamsActivityHandler"],
    method: "run",
  },
  "@strands-agents/sdk": { method: "invoke" },
  "@voltagent/core": { notAgents: ["VoltAgent"], method: "generateText" },
  "agent-squad": { method: "processRequest" },
  agents: { classes: ["Think"] },
  ai: { method: "generate" },
  "beeai-framework": { method: "run" },
  deepagents: { method: "invoke" },
  langchain: {
    classes: ["AgentExecutor"],
    functions: ["initializeAgentExecutor", "initializeAgentExecutorWithOptions"],
    method: "invoke",
  },
  llamaindex: { functions: ["agent", "multiAgent"], method: "run" },
};

/** createAgent, createReactAgent */
const CREATES = /^create(?:[A-Z]\w*)?Agent$/;
/** `Agent.create(…)`, `AgentExecutor.fromAgentAndTools(…)` */
const STATIC = /^(?:create|from[A-Z]\w*)$/;

/** The framework whose agent class this export is, null where it is none. */
export function agentClassOf(module: string, name: string): string | null {
  const framework = frameworkOf(module);
  if (framework === null) return null;
  const { classes = [], notAgents = [] } = OFFERS[framework] ?? {};
  if (notAgents.includes(name)) return null;
  const listed = classes.includes(name);
  // HttpAgent of a framework is no connection.
  return listed || /^(?:agent|network)$/.test(claimOf(name).is) ? framework : null;
}

/** The framework whose function makes agents under this name, null where it makes none. */
export function agentFunctionOf(module: string, name: string): string | null {
  const framework = frameworkOf(module);
  if (framework === null) return null;
  return CREATES.test(name) || OFFERS[framework]?.functions?.includes(name) === true ? framework : null;
}

/** A static method of an agent class that makes one. */
export const isStaticMaker = (method: string): boolean => STATIC.test(method);

/** The method by which agents of a framework take tasks, null where they have none. */
export const taskMethodOf = (framework: string): string | null => OFFERS[framework]?.method ?? null;
