/** "HTTPAgentPool" → ["HTTP", "Agent", "Pool"] */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+/g) ?? [];
}

const AGENT_WORD = /^(?!re?agents?$|useragents?$)[a-z]*agents?$/i;
/** Words after "Agent" that still call the class itself an agent. */
const FORM =
  /^(?:base|abstract|impl|implementation|class|mock|stub|fake|dummy|double|mixin|like|interface)$/i;
const ADAPTER = /^(?:adapter|wrapper)$/i;
const EXECUTOR = /^executor$/i;
const RUNTIME = /^runtime$/i;
/** What may stand right before "Agent" in the world of networks; AutoGen's UserProxyAgent is none of it. */
const NETWORK = /^(?:https?|proxy|socks|tls|ssh|alive|user)$/i;
/** "MultiAgent": several, which is none. */
const MANY = /^(?:multi|multiple|many)$/i;
const OPERATION = /^(?:create|delete|update|get|list|register|unregister|remove|add|fetch|upsert)$/i;

/** The name speaks of agents: "ResearchAgent", "AgentConfig", "subAgents"; not "Reagent". */
export const mentionsAgent = (name: string): boolean =>
  /agent/i.test(name) && wordsOf(name).some((word) => AGENT_WORD.test(word));

/** "MultiAgent", "ChatMultiAgent" */
export const meansMany = (name: string): boolean => {
  const [before = "", last = ""] = wordsOf(name).slice(-2);
  return AGENT_WORD.test(last) && MANY.test(before);
};

export type NameClaim =
  /** "ResearchAgent", "AgentBase": an agent. */
  | { is: "agent" }
  /** "AgentAdapter", "AgentExecutor", "ChatAgent_Nodes": an agent where it takes tasks. `does` is what the name says. */
  | { is: "adapter"; does: string }
  /** "AgentRuntime": an agent where it takes tasks, unless it is handed the agent that does them. */
  | { is: "runtime" }
  /** "HttpsProxyAgent", "UserAgent" */
  | { is: "network" }
  /** "CreateAgent": something done to agents. */
  | { is: "operation" }
  /** "AgentRegistry": something else; its noun. */
  | { is: "other"; noun: string }
  | { is: "silent" };

/** What a class name says its instances are; the last noun decides. */
export function claimOf(name: string): NameClaim {
  if (!mentionsAgent(name)) return { is: "silent" };
  const words = wordsOf(name.replace(/v?\d+$/i, ""));
  while (words.length > 1 && FORM.test(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  if (ADAPTER.test(last)) return { is: "adapter", does: "adapts an agent" };
  if (AGENT_WORD.test(before.at(-1) ?? "")) {
    if (EXECUTOR.test(last)) return { is: "adapter", does: "executes an agent" };
    if (RUNTIME.test(last)) return { is: "runtime" };
  }
  const [first = "", ...qualifiers] = name.split("_");
  if (qualifiers.length > 0 && /agents?$/i.test(first) && claimOf(first).is === "agent") {
    return { is: "adapter", does: `is a kind of ${first}` };
  }
  if (!AGENT_WORD.test(last) || /agents$/i.test(last)) return { is: "other", noun: last };
  if (meansMany(name)) return { is: "other", noun: `${before.at(-1) ?? ""}${last}` };
  if (NETWORK.test(before.at(-1) ?? "") && !/UserProxy/i.test(name)) return { is: "network" };
  if (before.length === 1 && OPERATION.test(before[0] ?? "")) return { is: "operation" };
  return { is: "agent" };
}

const COORDINATOR =
  /(?:Team|Crew|Swarm|Network|Supervisor|Orchestrator|Coordinator|Conductor|Workflow|Dispatcher|Router|Executor|Scheduler|Pipeline|Hive)$/;

/** "ResearchCrew": what may orchestrate agents without a word of them in its name. */
export const mayCoordinate = (name: string): boolean => COORDINATOR.test(name);
