/** "HTTPAgentPool" → ["HTTP", "Agent", "Pool"] */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+/g) ?? [];
}

const AGENT_WORD = /^(?!re?agents?$|useragents?$)[a-z]*agents?$/i;
/** Words after "Agent" that still call the class itself an agent. */
const FORM =
  /^(?:base|abstract|impl|implementation|class|mock|stub|fake|dummy|double|mixin|like|interface)$/i;
const ADAPTER = /^(?:adapter|wrapper)$/i;
/** What may stand right before "Agent" in the world of networks; AutoGen's UserProxyAgent is none of it. */
const NETWORK = /^(?:https?|proxy|socks|tls|ssh|alive|user)$/i;
const OPERATION = /^(?:create|delete|update|get|list|register|unregister|remove|add|fetch|upsert)$/i;

/** The name speaks of agents: "ResearchAgent", "AgentConfig", "subAgents"; not "Reagent". */
export const mentionsAgent = (name: string): boolean =>
  /agent/i.test(name) && wordsOf(name).some((word) => AGENT_WORD.test(word));

export type NameClaim =
  /** "ResearchAgent", "AgentBase": an agent. */
  | { is: "agent" }
  /** "AgentAdapter": an agent where it takes tasks. */
  | { is: "adapter" }
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
  if (ADAPTER.test(last)) return { is: "adapter" };
  if (!AGENT_WORD.test(last) || /agents$/i.test(last)) return { is: "other", noun: last };
  const before = words.slice(0, -1);
  if (NETWORK.test(before.at(-1) ?? "") && !/UserProxy/i.test(name)) return { is: "network" };
  if (before.length === 1 && OPERATION.test(before[0] ?? "")) return { is: "operation" };
  return { is: "agent" };
}
