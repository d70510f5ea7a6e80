import * as z from "zod";
import { formatAgentRef, parseAgentRef, type AgentRef } from "./agentRef.ts";
import { parseProjectFile } from "./projectFile.ts";

/** The named tasks of a folder's agents; checked in. */
export const savedTasksFile = ".proj-intel/tasks.json";

const Saved = z.strictObject({
  /** Tells the tasks of one agent apart. */
  name: z.string().trim().min(1),
  /** FILE#Class, the file relative to the folder. */
  agent: z.string(),
  task: z.unknown(),
  /** Constructor arguments; left out where the agent is asked for them. */
  args: z.array(z.unknown()).optional(),
});
export type SavedTask = z.infer<typeof Saved>;

const TasksFile = z.strictObject({ tasks: z.array(Saved) });

/** Throws a UserError that names what is wrong. */
export function parseSavedTasks(text: string): SavedTask[] {
  const write = '{"tasks": [{"name": "Weekly report", "agent": "src/research.ts#ResearchAgent", "task": …}]}';
  const { tasks } = parseProjectFile(savedTasksFile, text, TasksFile, write);
  for (const { agent } of tasks) parseAgentRef(agent);
  return tasks;
}

export function printSavedTasks(tasks: readonly SavedTask[]): string {
  return `${JSON.stringify({ tasks }, null, 2)}\n`;
}

export function savedFor(tasks: readonly SavedTask[], agent: AgentRef): SavedTask[] {
  return tasks.filter((saved) => saved.agent === formatAgentRef(agent));
}

/** In place of the one of the same name, else as the last. */
export function withSaved(tasks: readonly SavedTask[], saved: SavedTask): SavedTask[] {
  const at = tasks.findIndex((other) => isSame(other, saved));
  return at < 0 ? [...tasks, saved] : tasks.with(at, saved);
}

export function withoutSaved(
  tasks: readonly SavedTask[],
  saved: Pick<SavedTask, "name" | "agent">,
): SavedTask[] {
  return tasks.filter((other) => !isSame(other, saved));
}

const isSame = (a: Pick<SavedTask, "name" | "agent">, b: Pick<SavedTask, "name" | "agent">): boolean =>
  a.agent === b.agent && a.name === b.name;
