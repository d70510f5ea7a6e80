/** "1 agent", "18 agents" */
export const agentCount = (agents: number): string => (agents === 1 ? "1 agent" : `${agents} agents`);
