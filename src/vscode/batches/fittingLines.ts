import * as vscode from "vscode";
import { taskProblems } from "../../model/task/taskProblems.ts";
import type { AskedRun } from "../../runs/batch/agentTasks.ts";
import type { Lines } from "../../runs/batch/taskLines.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import { whyUnrunnable } from "../run/runnable.ts";
import { shapesOf, type Taker } from "./sharedTask.ts";

/** The lines whose agents can be run and whose tasks fit them, as far as the index and the agents tell. */
export async function fittingLines(
  lines: Lines<AskedRun>,
  index: IndexService,
  shapes: TaskShapes,
): Promise<Lines<AskedRun>> {
  await index.settled();
  const { good, bad } = { good: [] as AskedRun[], bad: [...lines.bad] };
  const takers = new Map<string, Taker>();
  for (const asked of lines.good) {
    const agent = indexed(asked, index);
    const problem = agent && whyNot(agent);
    if (agent && typeof problem === "string") bad.push({ line: asked.line, problem });
    else good.push(asked);
    if (agent && problem === null) takers.set(keyOf(asked), { agent, args: asked.args ?? [] });
  }
  const known = await shapesOf([...takers.values()], shapes);
  const shapeOf = new Map([...takers.keys()].map((key, at) => [key, known[at] ?? null]));
  const fitting = good.filter((asked) => {
    const problems = taskProblems(shapeOf.get(keyOf(asked)) ?? {}, asked.task);
    const messages = problems.map(({ message }) => message).join(" ");
    if (messages === "") return true;
    bad.push({
      line: asked.line,
      problem: `has a task that ${asked.name} does not take: ${messages.replace(/\.$/, "")}`,
    });
    return false;
  });
  return { good: fitting, bad };
}

function indexed({ file, name }: AskedRun, index: IndexService): Agent | undefined {
  return index.agentsIn(vscode.Uri.file(file)).find(({ record }) => record.name === name);
}

function whyNot(agent: Agent): string | null {
  const why = whyUnrunnable(agent);
  return why === null ? null : `names an agent that cannot be run: ${why.replace(/\.$/, "")}`;
}

const keyOf = ({ file, name, args }: AskedRun): string => JSON.stringify([file, name, args]);
