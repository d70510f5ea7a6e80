import * as vscode from "vscode";
import { taskTaker } from "../../model/task/methodShape.ts";
import { formFields } from "../../model/task/formFields.ts";
import type { TaskShape } from "../../model/task/taskShape.ts";
import { displayName } from "../../model/displayName.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import { inProgressWhenSlow } from "../inProgress.ts";
import type { Agent } from "../index/indexService.ts";
import { askJson, askTask, type JsonBox } from "./askTask.ts";
import { parseArguments, parseTask, requiredCount, signature, taskTemplate } from "./jsonInput.ts";
import { isSetUp } from "./surroundings.ts";
import type { SavedTasks } from "./savedTasks.ts";

export interface RunInputs {
  task: unknown;
  args: unknown[];
  /** The tool that is called alone, with the task as its parameters. */
  tool?: string | undefined;
  /** The checkpoint that it goes on from. */
  checkpoint?: string | undefined;
}

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

  /**
   * Undefined when the user pressed Escape.
   * @param adapter that the agent is compared with and that is written already
   */
  async ask(agent: Agent, verb: Verb, adapter: string | null = null): Promise<RunInputs | undefined> {
    const name = displayName(agent.record.name);
    const chosen = await this.#saved.choose(agent, `${verb} ${name}: task`);
    if (chosen === undefined) return undefined;
    const saved = chosen === "new" ? undefined : chosen.saved;
    const needsArguments = saved?.args === undefined && (await this.#needsArguments(agent, verb, adapter));
    const args = needsArguments ? await this.#askArguments(agent, verb, " (1/2)") : (saved?.args ?? []);
    if (args === undefined) return undefined;
    const shape = await this.shapeOf(agent, args);
    const taker = taskTaker(agent.record);
    const boxOf = (draft: string | undefined): JsonBox => ({
      title: `${verb} ${name}${needsArguments ? " (2/2)" : ""}: task`,
      prompt: taker ? `The task as JSON, for ${taker.name}${signature(taker.params)}` : "The task as JSON",
      placeHolder: '{"query": "…"}',
      value: draft ?? taskTemplate(taker?.params ?? []),
      parse: (text) => parseTask(text, shape),
    });
    const savedText = saved && JSON.stringify(saved.task ?? null);
    if (saved && parseTask(savedText ?? "", shape).ok) return { task: saved.task, args };
    const asked = saved
      ? await askJson(boxOf(savedText))
      : await askTask(`${verb} ${name}`, shape && formFields(shape), this.#last(agent, "task"), boxOf);
    if (asked === undefined) return undefined;
    await this.#remember(agent, "task", asked.text);
    return { task: asked.value, args };
  }

  /** With progress where the agent has to be loaded for it; cancelling leaves JSON. */
  async shapeOf({ folder, record }: Agent, args: unknown[]): Promise<TaskShape | null> {
    return inProgressWhenSlow(`Reading what ${displayName(record.name)} takes`, (signal) =>
      this.#shapes.of({ root: folder.uri.fsPath, record, args, signal }),
    );
  }

  /** The arguments of the constructor, none where it needs none; undefined when the user pressed Escape. */
  async askArguments(agent: Agent): Promise<unknown[] | undefined> {
    return (await this.#needsArguments(agent, "Run", null)) ? this.#askArguments(agent, "Run", "") : [];
  }

  /** What the setup file makes has no arguments; in a comparison it has to make both. */
  async #needsArguments({ folder, record }: Agent, verb: Verb, adapter: string | null): Promise<boolean> {
    if (requiredCount(record.constructor_params) === 0) return false;
    if (!(await isSetUp(folder, record.name))) return true;
    return verb === "Compare" && (adapter === null || !(await isSetUp(folder, adapter)));
  }

  async #askArguments(agent: Agent, verb: Verb, step: string): Promise<unknown[] | undefined> {
    const { constructor_params: params } = agent.record;
    const name = displayName(agent.record.name);
    const asked = await askJson({
      title: `${verb} ${name}${step}: constructor arguments`,
      prompt: `A JSON array for new ${name}${signature(params)}`,
      placeHolder: '["first", {"second": true}]',
      value: this.#last(agent, "arguments") ?? "[]",
      parse: (text) => parseArguments(text, params),
    });
    if (asked === undefined) return undefined;
    await this.#remember(agent, "arguments", asked.text);
    return asked.value as unknown[];
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
