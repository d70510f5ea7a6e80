import * as vscode from "vscode";
import type { AgentTool } from "../../model/agentTools.ts";
import { displayName } from "../../model/displayName.ts";
import { formFields } from "../../model/task/formFields.ts";
import { taskShapeOf } from "../../model/task/taskShape.ts";
import type { Agent } from "../index/indexService.ts";
import { parseArguments, parseJson, parseTask, requiredCount, signature } from "../run/jsonInput.ts";
import { isSetUp } from "../run/surroundings.ts";
import { rememberedAs } from "../run/runInputs.ts";
import { askForm } from "../run/taskForm.ts";

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
    const answered = await this.#askJson(key, {
      title: `Tools of ${name}: constructor arguments`,
      prompt: `A JSON array for new ${name}${signature(params)}`,
      value: this.#memory.get<string>(key) ?? "[]",
      parse: (text) => parseArguments(text, params),
    });
    return answered && (answered.value as unknown[]);
  }

  /** Undefined when the user pressed Escape. */
  async askParameters(agent: Agent, tool: AgentTool): Promise<{ value: unknown } | undefined> {
    const title = `Run ${tool.name} of ${displayName(agent.record.name)}`;
    const key = rememberedAs(agent, `tool ${tool.name}`);
    const shape = tool.parameters === null ? null : taskShapeOf(tool.parameters);
    const last = this.#memory.get<string>(key);
    const fields = shape && formFields(shape);
    let draft = last;
    if (fields !== null) {
      const parsed = last === undefined ? undefined : parseJson(last);
      const answer = await askForm(title, fields, parsed?.ok ? parsed.value : undefined);
      if (answer === undefined) return undefined;
      const text = JSON.stringify(answer.task) as string | undefined;
      if (answer.as === "task" && text !== undefined) {
        await this.#memory.update(key, text);
        return { value: answer.task };
      }
      draft = text;
    }
    const named = shape?.properties !== undefined;
    return this.#askJson(key, {
      title: `${title}: parameters`,
      prompt:
        tool.description === "" ? "The parameters as JSON" : `${tool.description} · the parameters as JSON`,
      value: draft ?? (named ? "{}" : '""'),
      parse: (text) => parseTask(text, shape),
    });
  }

  async #askJson(
    key: string,
    {
      parse,
      ...options
    }: vscode.InputBoxOptions & { value: string; parse: (text: string) => ReturnType<typeof parseJson> },
  ): Promise<{ value: unknown } | undefined> {
    const text = await vscode.window.showInputBox({
      ...options,
      ignoreFocusOut: true,
      validateInput: (value) => {
        const parsed = parse(value);
        const severity = vscode.InputBoxValidationSeverity.Error;
        return parsed.ok ? undefined : { message: parsed.problem, severity };
      },
    });
    const parsed = text === undefined ? undefined : parse(text);
    if (parsed?.ok !== true) return undefined;
    await this.#memory.update(key, text);
    return { value: parsed.value };
  }
}
