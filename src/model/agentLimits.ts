/** How many runs of an agent may be at work at a time, by "FILE#Class", class name, or either with `*` for any characters. */
export type AgentLimits = Record<string, number>;

/** What is wrong with one of them, as a sentence; null where nothing is. */
export function agentLimitProblem(agent: string, most: unknown): string | null {
  if (!/^[^#]+$|^[^#].*#[^#]+$/.test(agent))
    return `"${agent}" names no agent whose runs could be limited: write FILE#Class, a class name, or either with *.`;
  if (typeof most === "number" && Number.isSafeInteger(most) && most >= 1) return null;
  return `How many runs of "${agent}" may be at work at a time is a whole number from 1, not ${JSON.stringify(most)}.`;
}

/** Those of a setting that can be used, and what is wrong with the others, in sentences. */
export function readAgentLimits(value: unknown): { limits: AgentLimits; problems: string[] } {
  if (value === undefined || value === null) return { limits: {}, problems: [] };
  if (typeof value !== "object" || Array.isArray(value))
    return { limits: {}, problems: [`Limits of agents are an object such as {"Crawler": 2}.`] };
  const limits: AgentLimits = {};
  const problems: string[] = [];
  for (const [agent, most] of Object.entries(value as Record<string, unknown>)) {
    const problem = agentLimitProblem(agent, most);
    if (problem === null) limits[agent] = most as number;
    else problems.push(problem);
  }
  return { limits, problems };
}
