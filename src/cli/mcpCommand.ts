import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "../../package.json";
import { agentTools } from "../mcp/agentTools.ts";
import { parseAgentRef } from "../model/agentRef.ts";
import type { AgentRecord } from "../model/agentRecord.ts";
import { componentSentence, isComponent } from "../model/componentFile.ts";
import { mcpFile, parseMcpFile, type OfferedAgent } from "../model/mcpFile.ts";
import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { redact } from "../runtime/index.ts";
import { isInside } from "../runtime/files/isInside.ts";
import { RunService } from "../runs/runService.ts";
import { answerCommandFor } from "./answerText.ts";
import { bundles } from "./bundles.ts";
import { givenSurroundings, surroundings } from "./environment.ts";
import { fixes } from "./fixes.ts";
import { onInterrupt } from "./interrupt.ts";
import { openIndexer } from "./openIndexer.ts";
import type { Output } from "./output.ts";
import { runOptions, type RunOptions } from "./runOptions.ts";
import { existingFolder } from "./workspace.ts";

/** Offers the agents that a folder's mcp.json names as tools, over standard input and output, until the client ends. */
export async function mcpCommand(dir: string, options: RunOptions, output: Output): Promise<number> {
  const root = existingFolder(dir);
  const offered = await readOffered(root);
  const service = new RunService({
    ...{ hostFile: bundles.host, ...nodeOptions() },
    surroundings: givenSurroundings() ?? surroundings(options),
    fixes: fixes(options),
  });
  const abort = new AbortController();
  const interrupt = onInterrupt(() => abort.abort(), "Ending.", output);
  const tools = recordsOf(root, output).then((records) => agentTools(offered, records));
  try {
    // A bundle of its own: no other command needs the protocol.
    const { serve } = await import("../mcp/serve.ts");
    const start = ({ agent, args }: OfferedAgent, task: unknown, given: unknown[] | undefined) => {
      const { file, name } = parseAgentRef(agent);
      const run = service.start({
        ...{ root, file: join(root, file), name, task, ...runOptions(options) },
        args: args ?? given,
      });
      output.note(`run       ${agent}  ${run.id}`);
      return run;
    };
    const askElsewhere = (asked: RunEvent & { type: "question" }) => {
      const command = answerCommandFor(asked.runId, asked.question, root);
      const told = `${asked.question.message}\nThe run waits: answer with ${command}`;
      output.note(`asks      ${told}`);
      return told;
    };
    const withoutSecrets = <T>(value: T) => redact(value).value as T;
    await serve({ version, tools, start, askElsewhere, withoutSecrets }, abort.signal);
    return interrupt.code ?? 0;
  } finally {
    interrupt.dispose();
    await service.dispose();
  }
}

async function readOffered(root: string): Promise<OfferedAgent[]> {
  const text = await readFile(join(root, mcpFile), "utf8").catch(() => null);
  if (text === null) {
    throw new UserError(
      `${root} offers no agents: name them in ${mcpFile}, for example {"agents": ["src/research.ts#ResearchAgent"]}.`,
    );
  }
  const offered = parseMcpFile(text);
  for (const { agent } of offered) {
    const { file, name } = parseAgentRef(agent);
    const path = join(root, file);
    if (!isInside(root, path) || !existsSync(path))
      throw new UserError(`${mcpFile} names ${agent}, but there is no file ${file} in ${root}.`);
    if (isComponent(file)) throw new UserError(componentSentence(name, file));
  }
  return offered;
}

/** They tell what the tools are for; agents run without them too. */
async function recordsOf(root: string, output: Output): Promise<readonly AgentRecord[]> {
  const indexer = await openIndexer(root, output);
  try {
    const { agents, rejected } = await indexer.index(root);
    return [...agents, ...rejected];
  } catch (error) {
    output.note(`The tools have no descriptions: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  } finally {
    await indexer.dispose();
  }
}

/** VS Code may start this with its own executable, which agents use only where there is no Node on the PATH. */
const nodeOptions = (): { nodePath?: string; fallbackNode?: string } =>
  process.versions["electron"] === undefined
    ? { nodePath: process.execPath }
    : { fallbackNode: process.execPath };
