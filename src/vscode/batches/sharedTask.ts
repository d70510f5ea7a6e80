import { isDeepStrictEqual } from "node:util";
import type * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { formFields } from "../../model/task/formFields.ts";
import { taskTaker } from "../../model/task/methodShape.ts";
import { taskProblems } from "../../model/task/taskProblems.ts";
import type { TaskShape } from "../../model/task/taskShape.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import { inProgressWhenSlow } from "../inProgress.ts";
import type { Agent } from "../index/indexService.ts";
import { askTask } from "../run/askTask.ts";
import { parseJson, taskTemplate, type Parsed } from "../run/jsonInput.ts";

/** An agent, and what its constructor is given. */
export interface Taker {
  agent: Agent;
  args: unknown[];
}

const remembered = "batch|task";

/** What the tasks of agents look like, in their order; null for those that do not tell. */
export function shapesOf(takers: readonly Taker[], shapes: TaskShapes): Promise<(TaskShape | null)[]> {
  return inProgressWhenSlow("Reading what the agents take", (signal) =>
    Promise.all(
      takers.map(({ agent: { folder, record }, args }) =>
        shapes.of({ root: folder.uri.fsPath, record, args, signal }),
      ),
    ),
  );
}

/** Asks for the one task of several agents: field by field where all take the same. Undefined when the user pressed Escape. */
export async function askSharedTask(
  takers: readonly Taker[],
  shapes: TaskShapes,
  memory: vscode.Memento,
): Promise<{ task: unknown } | undefined> {
  const title = `Run ${takers.length} agents`;
  const known = await shapesOf(takers, shapes);
  const [shape = null] = known;
  const fields =
    shape !== null && known.every((each) => isDeepStrictEqual(each, shape)) ? formFields(shape) : null;
  const [first] = takers;
  const asked = await askTask(title, fields, memory.get<string>(remembered), (draft) => ({
    title: `${title}: task`,
    prompt: "The task as JSON, given to each of them",
    placeHolder: '{"query": "…"}',
    value: draft ?? taskTemplate((first && taskTaker(first.agent.record)?.params) ?? []),
    parse: (text) => fitting(text, takers, known),
  }));
  if (asked === undefined) return undefined;
  await memory.update(remembered, asked.text);
  return { task: asked.value };
}

/** A task that has to fit each agent whose tasks are known. */
function fitting(text: string, takers: readonly Taker[], shapes: readonly (TaskShape | null)[]): Parsed {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  for (const [at, { agent }] of takers.entries()) {
    const problems = taskProblems(shapes[at] ?? {}, parsed.value).map(({ message }) => message);
    if (problems.length > 0)
      return { ok: false, problem: `${displayName(agent.record.name)}: ${problems.join(" ")}` };
  }
  return parsed;
}
