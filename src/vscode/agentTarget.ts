import * as vscode from "vscode";
import { displayName } from "../model/displayName.ts";
import { UserError } from "../model/userError.ts";
import { agentAtLine } from "./agentAt.ts";
import { canBeRun } from "./abilities.ts";
import { Notice } from "./answers.ts";
import type { Agent, IndexService } from "./index/indexService.ts";
import { uriOf } from "./tree/items.ts";
import type { Node, Place } from "./tree/node.ts";
import { agentRows, isAgentRow } from "./tree/rows.ts";
import { severalFolders } from "./severalFolders.ts";

/** Names an agent in the arguments of a command: plain data, because CodeLens and code actions outlive a snapshot. */
export interface AgentTarget {
  uri: string;
  name: string;
  line: number;
}

export function targetOf({ uri, record }: Agent): AgentTarget {
  return { uri: uri.toString(), name: record.name, line: record.lineno };
}

/** An adapter stands for the class it wraps. */
export function wrapped(agent: Agent, index: IndexService): Agent {
  const { adapts } = agent.record;
  if (adapts === null) return agent;
  const named = index.agents.filter(
    ({ folder, record }) => folder === agent.folder && record.name === adapts,
  );
  return named.find(({ uri }) => uri.fsPath === agent.uri.fsPath) ?? named[0] ?? agent;
}

/** What a keybinding passes, for the class at the cursor. */
export const atCursorArgument = "cursor";

interface FindOptions {
  /** The class at the cursor is meant where the palette calls. */
  atCursor: boolean;
  /** The selected rows, as VS Code gives them along with the one that was clicked. */
  selected: unknown;
  /** Why several are refused. */
  refusal: string;
}

/** Finds the agent a command was called for: a tree row, a target, the class at the cursor, or one the user picks. */
export class AgentFinder {
  readonly #index: IndexService;

  constructor(index: IndexService) {
    this.#index = index;
  }

  /** Undefined when the user picked none. */
  async find(argument: unknown, { atCursor, selected, refusal }: FindOptions): Promise<Agent | undefined> {
    const [row, ...others] = agentRows(argument, selected);
    if (others.length > 0) throw new Notice(`${others.length + 1} agents are selected, and ${refusal}`);
    if (row?.place) return this.#named(targetOfPlace(row.place));
    if (isTarget(argument)) return this.#named(argument);
    const editor = vscode.window.activeTextEditor;
    const fromMenu =
      argument instanceof vscode.Uri && argument.toString() === editor?.document.uri.toString();
    if (editor !== undefined && (fromMenu || atCursor || argument === atCursorArgument)) {
      await this.#index.settled();
      const agents = this.#index.agentsIn(editor.document.uri);
      const found = agentAtLine(agents, editor.selection.active.line + 1);
      if (found !== undefined) return wrapped(found, this.#index);
      if (fromMenu && agents.some(({ record }) => canBeRun(record)))
        return this.#pick(Promise.resolve(agents));
    }
    return this.#pick(this.#index.ready().then(() => this.#index.agents));
  }

  /** The agents of the selected rows, else those that the user ticks; undefined when there are none. */
  async findSeveral(
    argument: unknown,
    selected: unknown,
    ticked: readonly unknown[],
  ): Promise<Agent[] | undefined> {
    const rows = agentRows(argument, selected);
    if (rows.length > 0) return this.#ofRows(rows);
    const chosen = new Set((await this.#ofRows(ticked.filter(isAgentRow))).map(keyOf));
    const items = this.#choices(this.#index.ready().then(() => this.#index.agents)).then((choices) =>
      choices.map((choice) => ({ ...choice, picked: chosen.has(keyOf(choice.agent)) })),
    );
    const picked = await vscode.window.showQuickPick(items, {
      title: "Run on Selected",
      placeHolder: "Tick the agents that are given one task",
      canPickMany: true,
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    return picked === undefined || picked.length === 0 ? undefined : picked.map(({ agent }) => agent);
  }

  async #ofRows(rows: readonly Node[]): Promise<Agent[]> {
    const agents = new Map<string, Agent>();
    for (const { place } of rows) {
      if (place === null) continue;
      const agent = await this.#named(targetOfPlace(place));
      agents.set(keyOf(agent), agent);
    }
    return [...agents.values()];
  }

  async #named(target: AgentTarget): Promise<Agent> {
    await this.#index.settled();
    const named = this.#index
      .agentsIn(vscode.Uri.parse(target.uri))
      .filter((agent) => agent.record.name === target.name)
      .sort((a, b) => Math.abs(a.record.lineno - target.line) - Math.abs(b.record.lineno - target.line));
    if (named[0] === undefined) {
      throw new UserError(
        `${target.name} is no longer in its file: the Agents view shows where agents are now.`,
      );
    }
    return wrapped(named[0], this.#index);
  }

  async #pick(agents: Promise<readonly Agent[]>): Promise<Agent | undefined> {
    const picked = await vscode.window.showQuickPick(this.#choices(agents), {
      placeHolder: "Type the name of an agent",
      matchOnDescription: true,
    });
    return picked?.agent;
  }

  async #choices(agents: Promise<readonly Agent[]>): Promise<(vscode.QuickPickItem & { agent: Agent })[]> {
    const many = severalFolders();
    const classes = (await agents).filter(({ record }) => canBeRun(record));
    if (classes.length === 0) throw new Notice(this.#whyNone());
    return classes
      .map((agent) => ({
        label: displayName(agent.record.name),
        description: many ? `${agent.folder.name} · ${agent.record.file_path}` : agent.record.file_path,
        agent,
      }))
      .sort((a, b) => a.label.localeCompare(b.label));
  }

  #whyNone(): string {
    if (this.#index.folders.length === 0)
      return "No folder is open: agents are found in the TypeScript and JavaScript files of a folder.";
    if (this.#index.state === "stopped" || this.#index.state === "failed")
      return "The agents of this workspace are not known: the Agents view says why and starts indexing again.";
    return "There is no agent class in this workspace yet: the Agents view says what counts as one.";
  }
}

export function isTarget(value: unknown): value is AgentTarget {
  return (
    typeof value === "object" &&
    value !== null &&
    "uri" in value &&
    typeof value.uri === "string" &&
    "name" in value &&
    "line" in value
  );
}

/** An index that is brought up to date has new objects. */
const keyOf = ({ uri, record }: Agent): string => `${uri.toString()}#${record.name}:${record.lineno}`;

function targetOfPlace(place: Place): AgentTarget {
  return { uri: uriOf(place).toString(), name: place.name, line: place.line ?? 1 };
}
