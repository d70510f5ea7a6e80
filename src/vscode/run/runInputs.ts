import * as vscode from "vscode";
import { executionMethod } from "../../runtime/core/dispatch.ts";
import type { Agent } from "../index/indexService.ts";
import { displayName } from "../../model/displayName.ts";
import { parseArguments, parseJson, requiredCount, signature, taskTemplate } from "./jsonInput.ts";

export interface RunInputs {
  task: unknown;
  args: unknown[];
}

/** Asks for the task, and for constructor arguments where the class needs any; remembers both per agent. */
export class RunInputBoxes {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Undefined when the user pressed Escape. */
  async ask(agent: Agent, verb: "Run" | "Compare"): Promise<RunInputs | undefined> {
    const { constructor_params: params } = agent.record;
    const name = displayName(agent.record.name);
    const needsArguments = requiredCount(params) > 0;
    let args: unknown[] = [];
    if (needsArguments) {
      const answered = await this.#askJson(agent, "arguments", {
        title: `${verb} ${name} (1/2): constructor arguments`,
        prompt: `A JSON array for new ${name}${signature(params)}`,
        placeHolder: '["first", {"second": true}]',
        initial: "[]",
        parse: (text) => parseArguments(text, params),
      });
      if (answered === undefined) return undefined;
      args = answered.value as unknown[];
    }
    const { methods, inherited_methods: inherited } = agent.record;
    const possible = [...methods, ...inherited];
    const method = executionMethod(possible.map((candidate) => candidate.name));
    const taken = possible.find((candidate) => candidate.name === method);
    const answered = await this.#askJson(agent, "task", {
      title: `${verb} ${name}${needsArguments ? " (2/2)" : ""}: task`,
      prompt: taken ? `The task as JSON, for ${taken.name}${signature(taken.params)}` : "The task as JSON",
      placeHolder: '{"query": "…"}',
      initial: taskTemplate(taken?.params ?? []),
      parse: parseJson,
    });
    return answered && { task: answered.value, args };
  }

  async #askJson(
    agent: Agent,
    what: "task" | "arguments",
    box: Pick<vscode.InputBoxOptions, "title" | "prompt" | "placeHolder"> & {
      initial: string;
      parse: (text: string) => ReturnType<typeof parseJson>;
    },
  ): Promise<{ value: unknown } | undefined> {
    const key = `${what}|${agent.folder.uri.toString()}|${agent.record.file_path}#${agent.record.name}`;
    const { initial, parse, ...options } = box;
    const text = await vscode.window.showInputBox({
      ...options,
      value: this.#memory.get<string>(key) ?? initial,
      ignoreFocusOut: true,
      validateInput: (value) => {
        const parsed = parse(value);
        return parsed.ok
          ? undefined
          : { message: parsed.problem, severity: vscode.InputBoxValidationSeverity.Error };
      },
    });
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (!parsed.ok) return undefined;
    await this.#memory.update(key, text);
    return { value: parsed.value };
  }
}
