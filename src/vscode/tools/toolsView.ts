import * as vscode from "vscode";
import type { AgentTool } from "../../model/agentTools.ts";
import type { ToolCalls } from "../../model/toolCalls.ts";
import type { AgentToolReader } from "../../runs/tools/agentToolReader.ts";
import { ToolUses } from "../../runs/tools/toolUse.ts";
import { inBackground, sentenceFor, type Log } from "../answers.ts";
import { Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import { openTree } from "../openTree.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import type { ToolInputs } from "./toolInputs.ts";
import { keyOf, toItem, type AgentRow, type NoteRow, type ToolNode, type ToolRow } from "./toolNode.ts";
import { mayHaveTools } from "./toolText.ts";
import { severalFolders } from "../severalFolders.ts";
import { fileFolders } from "../fileFolders.ts";

interface Parts {
  index: IndexService;
  history: RunHistory;
  reader: AgentToolReader;
  inputs: ToolInputs;
  log: Log;
}

/** The Tools view: agents, below each the tools it has and how it used them. An agent is read when its row is opened. */
export class ToolsView implements vscode.Disposable, vscode.TreeDataProvider<ToolNode> {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<ToolNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ToolNode>;
  readonly #uses = new ToolUses();
  /** By agent: VS Code knows rows by their objects. */
  #rows = new Map<string, AgentRow>();
  #used = new Map<string, ToolCalls[]>();
  #reading = false;
  #due = false;
  /** What the rows were made of. */
  #drawn = "";

  constructor(parts: Parts) {
    this.#parts = parts;
    const { index, history } = parts;
    this.#view = openTree(this.#owned, Views.tools, this);
    for (const subscription of [
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.#begin();
      }),
      index.onDidChange(() => this.#show()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      history.onDidChange(() => {
        if (this.#view.visible) this.#begin();
      }),
    ])
      this.#owned.add(subscription);
  }

  get selection(): readonly ToolNode[] {
    return this.#view.selection;
  }

  /** Reads the agents that are open once more. */
  refresh(): void {
    this.#begin();
    this.#changed.fire(undefined);
  }

  async getChildren(node?: ToolNode): Promise<ToolNode[]> {
    if (node === undefined) {
      await this.#parts.index.ready();
      this.#used = await this.#usesNow();
      return this.#arrange();
    }
    return node.kind === "agent" ? this.#toolsOf(node) : [];
  }

  getParent(node: ToolNode): ToolNode | null {
    return node.kind === "agent" ? null : node.parent;
  }

  getTreeItem(node: ToolNode): vscode.TreeItem {
    return toItem(node, severalFolders());
  }

  /** The tools of an agent that is known. Rejects with a UserError where it cannot be made. */
  async read(agent: Agent, args: unknown[], signal?: AbortSignal): Promise<AgentTool[]> {
    const { folder, record } = agent;
    try {
      return await this.#parts.reader.of({ root: folder.uri.fsPath, record, args, signal });
    } catch (error) {
      if (signal?.aborted === true) throw new vscode.CancellationError();
      throw error;
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** What changes while it is being read is read after that. */
  #begin(): void {
    this.#due = true;
    if (this.#reading) return;
    this.#reading = true;
    inBackground(
      this.#parts.log,
      this.#readUses().finally(() => (this.#reading = false)),
    );
  }

  async #toolsOf(parent: AgentRow): Promise<(ToolRow | NoteRow)[]> {
    const tools = await this.#known(parent);
    if ("note" in tools) return [...this.#onlyUsed(parent, []), tools.note];
    const rows = tools.read.map((tool): ToolRow => ({ kind: "tool", parent, name: tool.name, tool }));
    const all = [...rows, ...this.#onlyUsed(parent, tools.read)];
    const none = "No tools once it is made. One that it registers later shows here after its first use.";
    return all.length > 0 ? all : [note(parent, none)];
  }

  async #known(parent: AgentRow): Promise<{ read: AgentTool[] } | { note: NoteRow }> {
    if (!vscode.workspace.isTrusted)
      return { note: note(parent, "Tools are read in a trusted workspace: the agent is made for that.") };
    const args = await this.#parts.inputs.knownArguments(parent.agent);
    if (args === null)
      return { note: { ...note(parent, "Give Constructor Arguments…"), needsArguments: true } };
    try {
      return { read: await this.read(parent.agent, args) };
    } catch (error) {
      return { note: note(parent, sentenceFor(error, this.#parts.log)) };
    }
  }

  #onlyUsed(parent: AgentRow, tools: readonly AgentTool[]): ToolRow[] {
    return parent.uses
      .filter(({ name }) => !tools.some((tool) => tool.name === name))
      .map(({ name }) => ({ kind: "tool", parent, name, tool: null }));
  }

  async #readUses(): Promise<void> {
    while (this.#due) {
      this.#due = false;
      const before = JSON.stringify([...this.#used]);
      this.#used = await this.#usesNow();
      if (JSON.stringify([...this.#used]) !== before) this.#changed.fire(undefined);
    }
  }

  async #usesNow(): Promise<Map<string, ToolCalls[]>> {
    const used = new Map<string, ToolCalls[]>();
    for (const { uri } of fileFolders())
      for (const { agent, tools } of await this.#uses.of(uri.fsPath))
        used.set(`${uri.toString()}|${agent.file_path}#${agent.name}`, tools);
    return used;
  }

  #arrange(): AgentRow[] {
    const known = this.#rows;
    this.#rows = new Map();
    const agents = this.#agents;
    this.#drawn = this.#content;
    for (const agent of agents) {
      const key = keyOf(agent);
      const row = known.get(key) ?? { kind: "agent", agent, uses: [] };
      Object.assign(row, { agent, uses: this.#used.get(key) ?? [] });
      this.#rows.set(key, row);
    }
    return [...this.#rows.values()].sort((a, b) => a.agent.record.name.localeCompare(b.agent.record.name));
  }

  get #agents(): Agent[] {
    return this.#parts.index.agents.filter(
      (agent) => mayHaveTools(agent.record) || this.#used.has(keyOf(agent)),
    );
  }

  get #content(): string {
    return JSON.stringify([this.#agents.map((agent) => [keyOf(agent), agent.record]), [...this.#used]]);
  }

  /** A menu that is open over a row that is drawn anew would lose it. */
  #show(): void {
    if (this.#view.visible && this.#content !== this.#drawn) this.#changed.fire(undefined);
  }
}

const note = (parent: AgentRow, text: string): NoteRow => ({
  ...{ kind: "note", parent, text },
  needsArguments: false,
});
