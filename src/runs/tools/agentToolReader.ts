import { AgentTools, type AgentTool } from "../../model/agentTools.ts";
import { UserError } from "../../model/userError.ts";
import { AgentReads, longestReadMs, type ReadQuestion } from "../agentReads.ts";
import { KnownReads } from "../knownReads.ts";
import type { LocalEngineOptions } from "../local/localEngine.ts";
import { usualSurroundings, type FindSurroundings } from "../runSurroundings.ts";

/** The tools of agents, as these tell them once they are made; read anew where one of their files has changed. */
export class AgentToolReader {
  readonly #reads: AgentReads;
  readonly #known = new KnownReads<AgentTool[]>();

  constructor(
    options: (root: string) => LocalEngineOptions,
    surroundings: FindSurroundings = usualSurroundings,
  ) {
    this.#reads = new AgentReads(options, surroundings);
  }

  /** Rejects with a UserError for an agent that cannot be loaded or made. */
  async of(question: ReadQuestion): Promise<AgentTool[]> {
    const known = await this.#known.get(question);
    if (known !== null) return known.value;
    const { output, error } = await this.#reads.ask(question, "tools");
    const read = AgentTools.safeParse(output);
    if (!read.success) throw new UserError(sentenceOf(question.record.name, error));
    const { tools, files } = read.data;
    await this.#known.set(question, files, tools);
    return tools;
  }

  /** Ends every process. */
  dispose(): Promise<void> {
    return this.#reads.dispose();
  }
}

function sentenceOf(agent: string, error: { name: string; message: string } | undefined): string {
  const made = `the tools of ${agent} are told once it is made`;
  if (error === undefined) return `${agent} told nothing of its tools: update its copy of opsvi-agents.`;
  if (error.name === "TimeoutError")
    return `${agent} was not made within ${longestReadMs / 1000} s, and ${made}.`;
  return error.name === "UserError"
    ? error.message
    : `${agent} cannot be made, and ${made}. It said: ${error.message}`;
}
