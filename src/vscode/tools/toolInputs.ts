import * as vscode from "vscode";
import type { AgentTool } from "../../model/agentTools.ts";
import { displayName } from "../../model/displayName.ts";
import { formFields } from "../../model/task/formFields.ts";
import { taskShapeOf } from "../../model/task/taskShape.ts";
import type { Agent } from "../index/indexService.ts";
import { askJson, askTask } from "../run/askTask.ts";
import { parseArguments, parseTask, requiredCount, signature } from "../run/jsonInput.ts";
import { isSetUp } from "../run/surroundings.ts";
import { rememberedAs } from "../run/runInputs.ts";

/** Asks for what a tool takes, and for what its agent is made of; remembers both. */
export class ToolInputs {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** What the agent was made of the last time; null where it has to be asked for. */
  async knownArguments(agent: Agent): Promise<unknown[] | null> {
    const { constructor_params: params, name } = agent.record;
    if (requiredCount(params) === 0 || (await isSetUp(agent.folder, name))) return [];
    const last = this.#memory.get<string>(rememberedAs(agent, "arguments"));
    const parsed = last === undefined ? undefined : parseArguments(last, params);
    return parsed?.ok === true ? (parsed.value as unknown[]) : null;
  }

  /** Undefined when the user pressed Escape. */
  async askArguments(agent: Agent): Promise<unknown[] | undefined> {
    const { constructor_params: params } = agent.record;
    const name = displayName(agent.record.name);
    const key = rememberedAs(agent, "arguments");
    const asked = await askJson({
      title: `Tools of ${name}: constructor arguments`,
      prompt: `A JSON array for new ${name}${signature(params)}`,
      value: this.#memory.get<string>(key) ?? "[]",
      parse: (text) => parseArguments(text, params),
    });
    if (asked === undefined) return undefined;
    await this.#memory.update(key, asked.text);
    return asked.value as unknown[];
  }

  /** Undefined when the user pressed Escape. */
  async askParameters(agent: Agent, tool: AgentTool): Promise<{ value: unknown } | undefined> {
    const title = `Run ${tool.name} of ${displayName(agent.record.name)}`;
    const key = rememberedAs(agent, `tool ${tool.name}`);
    const shape = tool.parameters === null ? null : taskShapeOf(tool.parameters);
    const empty = shape?.properties === undefined ? '""' : "{}";
    const asked = await askTask(
      title,
      shape && formFields(shape),
      this.#memory.get<string>(key),
      (draft) => ({
        title: `${title}: parameters`,
        prompt:
          tool.description === "" ? "The parameters as JSON" : `${tool.description} · the parameters as JSON`,
        value: draft ?? empty,
        parse: (text) => parseTask(text, shape),
      }),
    );
    if (asked !== undefined) await this.#memory.update(key, asked.text);
    return asked;
  }
}
