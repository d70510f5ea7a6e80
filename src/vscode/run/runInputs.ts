import * as vscode from "vscode";
import { taskTaker } from "../../model/task/methodShape.ts";
import { formFields } from "../../model/task/formFields.ts";
import type { TaskShape } from "../../model/task/taskShape.ts";
import { displayName } from "../../model/displayName.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import type { Agent } from "../index/indexService.ts";
import { parseArguments, parseJson, parseTask, requiredCount, signature, taskTemplate } from "./jsonInput.ts";
import { isSetUp } from "./surroundings.ts";
import { askForm } from "./taskForm.ts";

export interface RunInputs {
  task: unknown;
  args: unknown[];
  /** The tool that is called alone, with the task as its parameters. */
  tool?: string | undefined;
}

type Box = Pick<vscode.InputBoxOptions, "title" | "prompt" | "placeHolder"> & {
  value: string;
  parse: (text: string) => ReturnType<typeof parseJson>;
};

/** Asks for the task, and for constructor arguments where the class needs any; remembers both per agent. */
export class RunInputBoxes {
  readonly #memory: vscode.Memento;
  readonly #shapes: TaskShapes;

  constructor(memory: vscode.Memento, shapes: TaskShapes) {
    this.#memory = memory;
    this.#shapes = shapes;
  }

  /** Undefined when the user pressed Escape. */
  async ask(agent: Agent, verb: "Run" | "Compare"): Promise<RunInputs | undefined> {
    const { constructor_params: params } = agent.record;
    const name = displayName(agent.record.name);
    // What the setup file makes has no arguments; a comparison makes class and adapter itself.
    const needsArguments =
      requiredCount(params) > 0 && (verb === "Compare" || !(await isSetUp(agent.folder, agent.record.name)));
    let args: unknown[] = [];
    if (needsArguments) {
      const answered = await this.#askJson(agent, "arguments", {
        title: `${verb} ${name} (1/2): constructor arguments`,
        prompt: `A JSON array for new ${name}${signature(params)}`,
        placeHolder: '["first", {"second": true}]',
        value: this.#last(agent, "arguments") ?? "[]",
        parse: (text) => parseArguments(text, params),
      });
      if (answered === undefined) return undefined;
      args = answered.value as unknown[];
    }
    const shape = await this.shapeOf(agent, args);
    const last = this.#last(agent, "task");
    const fields = shape && formFields(shape);
    let draft = last;
    if (fields !== null) {
      const parsed = last === undefined ? undefined : parseJson(last);
      const answer = await askForm(`${verb} ${name}`, fields, parsed?.ok ? parsed.value : undefined);
      if (answer === undefined) return undefined;
      const text = JSON.stringify(answer.task) as string | undefined;
      if (answer.as === "task" && text !== undefined) {
        await this.#remember(agent, "task", text);
        return { task: answer.task, args };
      }
      draft = text === "{}" ? undefined : text;
    }
    const taker = taskTaker(agent.record);
    const answered = await this.#askJson(agent, "task", {
      title: `${verb} ${name}${needsArguments ? " (2/2)" : ""}: task`,
      prompt: taker ? `The task as JSON, for ${taker.name}${signature(taker.params)}` : "The task as JSON",
      placeHolder: '{"query": "…"}',
      value: draft ?? taskTemplate(taker?.params ?? []),
      parse: (text) => parseTask(text, shape),
    });
    return answered && { task: answered.value, args };
  }

  /** With progress where the agent has to be loaded for it; cancelling leaves JSON. */
  async shapeOf({ folder, record }: Agent, args: unknown[]): Promise<TaskShape | null> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Reading what ${displayName(record.name)} takes`,
      cancellable: true,
    };
    const abort = new AbortController();
    const question = { root: folder.uri.fsPath, record, args, signal: abort.signal };
    const shape = this.#shapes.of(question);
    const soon = new Promise<"slow">((resolve) => setTimeout(() => resolve("slow"), 500));
    const first = await Promise.race([shape, soon]);
    if (first !== "slow") return first;
    return vscode.window.withProgress(options, async (_, token) => {
      token.onCancellationRequested(() => abort.abort());
      return shape;
    });
  }

  async #askJson(
    agent: Agent,
    what: "task" | "arguments",
    { parse, ...options }: Box,
  ): Promise<{ value: unknown } | undefined> {
    const text = await vscode.window.showInputBox({
      ...options,
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
    await this.#remember(agent, what, text);
    return { value: parsed.value };
  }

  #last(agent: Agent, what: "task" | "arguments"): string | undefined {
    return this.#memory.get<string>(keyOf(agent, what));
  }

  async #remember(agent: Agent, what: "task" | "arguments", text: string): Promise<void> {
    await this.#memory.update(keyOf(agent, what), text);
  }
}

const keyOf = ({ folder, record }: Agent, what: string): string =>
  `${what}|${folder.uri.toString()}|${record.file_path}#${record.name}`;
