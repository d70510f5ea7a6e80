import { isDeepStrictEqual } from "node:util";
import { AgentTools, type AgentTool } from "../../model/agentTools.ts";
import { UserError } from "../../model/userError.ts";
import { AgentReads, longestReadMs, type ReadQuestion } from "../agentReads.ts";
import { isCurrent, stampsOf, type FileStamps } from "../fileStamps.ts";
import type { LocalEngineOptions } from "../local/localEngine.ts";
import { usualSurroundings, type FindSurroundings } from "../runSurroundings.ts";

interface Known {
  args: unknown[];
  stamps: FileStamps;
  tools: AgentTool[];
}

/** The tools of agents, as these tell them once they are made; read anew where one of their files has changed. */
export class AgentToolReader {
  readonly #reads: AgentReads;
  readonly #known = new Map<string, Known>();

  constructor(
    options: (root: string) => LocalEngineOptions,
    surroundings: FindSurroundings = usualSurroundings,
  ) {
    this.#reads = new AgentReads(options, surroundings);
  }

  /** Rejects with a UserError for an agent that cannot be loaded or made. */
  async of(question: ReadQuestion): Promise<AgentTool[]> {
    const { root, record, args } = question;
    const key = `${root}|${record.file_path}#${record.name}`;
    const known = this.#known.get(key);
    if (known && isDeepStrictEqual(known.args, args) && (await isCurrent(known.stamps))) return known.tools;
    const { output, error } = await this.#reads.ask(question, "tools");
    const read = AgentTools.safeParse(output);
    if (!read.success) throw new UserError(sentenceOf(record.name, error));
    const { tools, files } = read.data;
    this.#known.set(key, { args, stamps: await stampsOf(files), tools });
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
