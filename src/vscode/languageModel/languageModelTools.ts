import * as vscode from "vscode";
import * as z from "zod";
import { displayName } from "../../model/displayName.ts";
import { UserError } from "../../model/userError.ts";
import { isOffered } from "../abilities.ts";
import { agentPlace } from "../agentPlace.ts";
import { sentenceFor, type Log } from "../answers.ts";
import { LanguageModelTools } from "../contributions.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import { runnable, type Runner } from "../run/runner.ts";
import { agentList, type Listed } from "./agentList.ts";
import { runResult } from "./runResult.ts";

const ListInput = z.object({ query: z.string().optional() });
const RunInput = z.object({
  agent: z.string(),
  task: z.unknown(),
  args: z.array(z.unknown()).optional(),
});

interface Parts {
  index: IndexService;
  runner: Runner;
  log: Log;
}

/** The tools by which language models list and run agents. Editors that are made from VS Code may have none. */
export function registerLanguageModelTools(parts: Parts): vscode.Disposable {
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  if (lm?.registerTool === undefined) return new vscode.Disposable(() => undefined);
  return vscode.Disposable.from(
    lm.registerTool(LanguageModelTools.list, new ListAgentsTool(parts)),
    lm.registerTool(LanguageModelTools.run, new RunAgentTool(parts)),
  );
}

class ListAgentsTool implements vscode.LanguageModelTool<unknown> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  prepareInvocation(): vscode.PreparedToolInvocation {
    return { invocationMessage: "Listing the agents of the workspace" };
  }

  invoke({ input }: vscode.LanguageModelToolInvocationOptions<unknown>) {
    return answer(this.#parts.log, async () => {
      const { query } = parse(ListInput, input);
      const { index } = this.#parts;
      await index.settled();
      const many = index.folders.length > 1;
      const agents = index.agents
        .filter(({ record }) => isOffered(record))
        .map(({ record, folder }): Listed => ({ record, folder: many ? folder.name : null }));
      return agentList(agents, query);
    });
  }
}

export class RunAgentTool implements vscode.LanguageModelTool<unknown> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A person agrees to the agent and to the task before anything runs. */
  async prepareInvocation({ input }: vscode.LanguageModelToolInvocationPrepareOptions<unknown>) {
    const asked = await sentences(this.#parts.log, async () => {
      const { agent, task, args = [] } = parse(RunInput, input);
      return { agent: await this.#find(agent), task, args };
    });
    const { name, file_path: file } = asked.agent.record;
    const message = new vscode.MarkdownString()
      .appendText(`${displayName(name)} (${file}) runs on this machine with the task`)
      .appendCodeblock(JSON.stringify(asked.task, null, 2), "json");
    if (asked.args.length > 0)
      message
        .appendText("and the constructor's arguments")
        .appendCodeblock(JSON.stringify(asked.args), "json");
    return {
      invocationMessage: `Running ${displayName(name)}`,
      confirmationMessages: { title: `Run ${displayName(name)}?`, message },
    };
  }

  invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    return answer(this.#parts.log, async () => {
      const { agent: reference, task, args = [] } = parse(RunInput, input);
      const agent = await this.#find(reference);
      await saveSources(agent.folder);
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      const run = this.#parts.runner.start(runnable(agent), { task, args });
      const listening = token.onCancellationRequested(() => void run.cancel());
      const finished = await run.finished;
      listening.dispose();
      if (finished.status === "cancelled") throw new vscode.CancellationError();
      return runResult(displayName(agent.record.name), finished);
    });
  }

  async #find(reference: string): Promise<Agent> {
    if (!vscode.workspace.isTrusted)
      throw new UserError(
        "Agents run in trusted workspaces only, and this one is not: a person has to trust it.",
      );
    const { uri, name } = agentPlace(reference);
    const { index } = this.#parts;
    await index.settled();
    const agent = index.agentsIn(uri).find(({ record }) => record.name === name);
    if (agent === undefined) {
      throw new UserError(
        `${reference} names no agent of this workspace: the tool ${LanguageModelTools.list} lists those that can be run.`,
      );
    }
    refuseUnrunnable(agent);
    return agent;
  }
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new UserError(`The input does not fit the tool: ${z.prettifyError(parsed.error)}`);
}

async function answer(log: Log, text: () => Promise<string>): Promise<vscode.LanguageModelToolResult> {
  const part = new vscode.LanguageModelTextPart(await sentences(log, text));
  return new vscode.LanguageModelToolResult([part]);
}

/** What is thrown is read by a language model: a sentence, as for people. */
async function sentences<T>(log: Log, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof vscode.CancellationError) throw error;
    throw new Error(sentenceFor(error, log), { cause: error });
  }
}
