import { counted } from "./counted.ts";

/** "1 agent", "18 agents" */
export const agentCount = (agents: number): string => counted(agents, "agent");
