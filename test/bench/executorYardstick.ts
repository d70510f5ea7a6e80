import { UniversalAgentAdapter } from "../../src/runtime/core/index.ts";
import { Busy, Holder, Trivial } from "./executorAgents.ts";

/** What bare piscina calls: the legacy agent's own method. */
export const direct = (task: number): number => new Trivial().run(task);

/** The same work with the same guarantees: an adapted agent, executed and shut down. */
export async function adapted(task: number): Promise<unknown> {
  const agent = new UniversalAgentAdapter(new Trivial(), { agentType: "bench" });
  const result = await agent.executeAsync(task);
  await agent.shutdownAsync();
  return result;
}

let agent: UniversalAgentAdapter | undefined;

/** The same with an agent that the thread keeps. */
export function kept(task: number): Promise<unknown> {
  agent ??= new UniversalAgentAdapter(new Trivial(), { agentType: "bench" });
  return agent.executeAsync(task);
}

/** Computes. */
export const busy = (rounds: number): number => new Busy().run(rounds);

/** Keeps its thread until it is told to go on. */
export const hold = (flags: Int32Array): number => new Holder().run(flags);

/** Nothing at all. */
export default (): void => undefined;
