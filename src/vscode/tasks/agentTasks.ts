import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { formatAgentRef, runName } from "../../model/agentRef.ts";
import { UserError } from "../../model/userError.ts";
import { isOffered } from "../abilities.ts";
import { agentPlace } from "../agentPlace.ts";
import type { Log } from "../answers.ts";
import { ProblemMatchers, TaskTypes } from "../contributions.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import type { RunInputBoxes, RunInputs } from "../run/runInputs.ts";
import { saveSources } from "../run/runnable.ts";
import type { Runnable, Runner } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";
import { AgentTerminal, type Beginning } from "./agentTerminal.ts";
import { parseAgentTask, type AgentTask } from "./taskDefinition.ts";

/** VS Code waits for every provider before it shows its list of tasks. */
const PATIENCE_MS = 3_000;

interface Parts {
  index: IndexService;
  inputs: RunInputBoxes;
  runner: Runner;
  log: Log;
}

/** Tasks of the type "agent": those of tasks.json, and one for each agent that can be run. */
export function registerAgentTasks(parts: Parts): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TaskTypes.agent, new AgentTasks(parts));
}

class AgentTasks implements vscode.TaskProvider {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Of a workspace that is still being indexed, what is known by now. */
  async provideTasks(token: vscode.CancellationToken): Promise<vscode.Task[]> {
    const { index } = this.#parts;
    await Promise.race([index.ready(), sleep(PATIENCE_MS, undefined, { ref: false })]);
    if (token.isCancellationRequested) return [];
    const agents = index.agents.filter(({ record }) => isOffered(record));
    const names = agents.map(nameOf);
    return agents.map((agent, position) => {
      const { file_path: file, name } = agent.record;
      const own = nameOf(agent);
      const unique = names.indexOf(own) === names.lastIndexOf(own) || position === names.indexOf(own);
      const definition = { type: TaskTypes.agent, agent: formatAgentRef({ file, name }) };
      const task = this.#task(definition, agent.folder, unique ? own : `${own} (${file})`);
      task.detail = file;
      return task;
    });
  }

  resolveTask({ definition, scope, name }: vscode.Task): vscode.Task {
    return this.#task(definition, scope ?? vscode.TaskScope.Workspace, name);
  }

  #task(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    name: string,
  ): vscode.Task {
    const folder = typeof scope === "object" ? scope : undefined;
    const execution = new vscode.CustomExecution((resolved) =>
      Promise.resolve(new AgentTerminal((signal) => this.#begin(resolved, folder, signal), this.#parts.log)),
    );
    return new vscode.Task(definition, scope, name, TaskTypes.agent, execution, ProblemMatchers.agents);
  }

  async #begin(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | undefined,
    signal: AbortSignal,
  ): Promise<Beginning | undefined> {
    if (!isTrustedFor("Running an agent"))
      throw new UserError("The agent was not run: that needs a trusted workspace.");
    const task = parseAgentTask(definition);
    const place = agentPlace(task.agent, scope);
    const inputs = await this.#inputs(task, place);
    if (inputs === undefined) return undefined;
    await saveSources(place.folder);
    if (signal.aborted) return undefined;
    return {
      run: this.#parts.runner.start(place, inputs, { ...task, shown: true }),
      name: place.name,
      root: place.folder.uri.fsPath,
    };
  }

  /** What the task of tasks.json leaves open is asked for. */
  async #inputs({ task, args }: AgentTask, { uri, name }: Runnable): Promise<RunInputs | undefined> {
    if (task !== undefined) return { task, args: args ?? [] };
    const { index, inputs } = this.#parts;
    await index.settled();
    const agent = index.agentsIn(uri).find(({ record }) => record.name === name);
    if (agent === undefined) {
      throw new UserError(
        `The index finds no agent ${name} in ${vscode.workspace.asRelativePath(uri)}: write its "task" into tasks.json to run it all the same.`,
      );
    }
    const given = await inputs.ask(agent, "Run");
    return given && { task: given.task, args: args ?? given.args };
  }
}

const nameOf = ({ record }: Agent): string => runName({ file: record.file_path, name: record.name });
