/** A phone book of agents; not an agent. */
export class AgentRegistry<Agent extends object> {
  private readonly agents = new Map<string, Agent>();

  register(name: string, agent: Agent): void {
    if (this.agents.has(name)) throw new Error(`An agent is registered as "${name}" already.`);
    this.agents.set(name, agent);
  }

  get(name: string): Agent | undefined {
    return this.agents.get(name);
  }

  names(): string[] {
    return [...this.agents.keys()].sort();
  }
}
