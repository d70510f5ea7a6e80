/** "HTTPAgentPool" → ["HTTP", "Agent", "Pool"] */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+/g) ?? [];
}

const AGENT_WORD = /^(?!re?agents?$|useragents?$)[a-z]*agents?$/i;

export const isAgentWord = (word: string): boolean => AGENT_WORD.test(word);

/** The name speaks of agents: "ResearchAgent", "AgentConfig", "subAgents"; not "Reagent". */
export const mentionsAgent = (name: string): boolean =>
  /agent/i.test(name) && wordsOf(name).some((word) => isAgentWord(word));
