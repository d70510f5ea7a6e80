import * as vscode from "vscode";
import { taskTaker } from "../../model/task/methodShape.ts";
import { formFields } from "../../model/task/formFields.ts";
import type { TaskShape } from "../../model/task/taskShape.ts";
import { displayName } from "../../model/displayName.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import { inProgressWhenSlow } from "../inProgress.ts";
import type { Agent } from "../index/indexService.ts";
import { parseArguments, parseJson, parseTask, requiredCount, signature, taskTemplate } from "./jsonInput.ts";
import { isSetUp } from "./surroundings.ts";
import type { SavedTasks } from "./savedTasks.ts";
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

type Verb = "Run" | "Debug" | "Compare";

/** Asks for the task, and for constructor arguments where the class needs any; remembers both per agent. */
export class RunInputBoxes {
  readonly #memory: vscode.Memento;
  readonly #shapes: TaskShapes;
  readonly #saved: SavedTasks;

  constructor(memory: vscode.Memento, shapes: TaskShapes, saved: SavedTasks) {
    this.#memory = memory;
    this.#shapes = shapes;
    this.#saved = saved;
  }

  /** Undefined when the user pressed Escape. */
  async ask(agent: Agent, verb: Verb): Promise<RunInputs | undefined> {
    const name = displayName(agent.record.name);
    const chosen = await this.#saved.choose(agent, `${verb} ${name}: task`);
    if (chosen === undefined) return undefined;
    const saved = chosen === "new" ? undefined : chosen.saved;
    const needsArguments = saved?.args === undefined && (await this.#needsArguments(agent, verb));
    const args = needsArguments ? await this.#askArguments(agent, verb, " (1/2)") : (saved?.args ?? []);
    if (args === undefined) return undefined;
    const shape = await this.shapeOf(agent, args);
    const last = this.#last(agent, "task");
    const fields = shape && formFields(shape);
    let draft = last;
    if (saved !== undefined) {
      draft = JSON.stringify(saved.task ?? null);
      if (parseTask(draft, shape).ok) return { task: saved.task, args };
    } else if (fields !== null) {
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
    return inProgressWhenSlow(`Reading what ${displayName(record.name)} takes`, (signal) =>
      this.#shapes.of({ root: folder.uri.fsPath, record, args, signal }),
    );
  }

  /** The arguments of the constructor, none where it needs none; undefined when the user pressed Escape. */
  async askArguments(agent: Agent): Promise<unknown[] | undefined> {
    return (await this.#needsArguments(agent, "Run")) ? this.#askArguments(agent, "Run", "") : [];
  }

  async #needsArguments({ folder, record }: Agent, verb: Verb): Promise<boolean> {
    // What the setup file makes has no arguments; a comparison makes class and adapter itself.
    const required = requiredCount(record.constructor_params) > 0;
    return required && (verb === "Compare" || !(await isSetUp(folder, record.name)));
  }

  async #askArguments(agent: Agent, verb: Verb, step: string): Promise<unknown[] | undefined> {
    const { constructor_params: params } = agent.record;
    const name = displayName(agent.record.name);
    const answered = await this.#askJson(agent, "arguments", {
      title: `${verb} ${name}${step}: constructor arguments`,
      prompt: `A JSON array for new ${name}${signature(params)}`,
      placeHolder: '["first", {"second": true}]',
      value: this.#last(agent, "arguments") ?? "[]",
      parse: (text) => parseArguments(text, params),
    });
    return answered && (answered.value as unknown[]);
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
    return this.#memory.get<string>(rememberedAs(agent, what));
  }

  async #remember(agent: Agent, what: "task" | "arguments", text: string): Promise<void> {
    await this.#memory.update(rememberedAs(agent, what), text);
  }
}

export const rememberedAs = ({ folder, record }: Agent, what: string): string =>
  `${what}|${folder.uri.toString()}|${record.file_path}#${record.name}`;
