import * as vscode from "vscode";
import { checkpointLabel } from "../../model/checkpointLabel.ts";
import type { CheckpointComparison, CheckpointKey, CheckpointSummaryRow } from "../../model/checkpoints.ts";
import { CheckpointQuery } from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { isAtWork } from "../../model/runSummary.ts";
import { runName } from "../../model/agentRef.ts";
import { Notice } from "../answers.ts";
import { Schemes } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Runner } from "../run/runner.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import { folderNamed, type CheckpointReader } from "./checkpointReader.ts";

/** So many of the agent's checkpoints are offered. */
const OFFERED = 500;

interface Parts {
  reader: CheckpointReader;
  runner: Runner;
  history: RunHistory;
}

type AgentOf = Pick<CheckpointSummaryRow, "folder" | "agent">;
type Other = { key: CheckpointKey } | { runId: string };
/** What it is compared with, or further choices; null where the user does not say. */
type Next = Other | Choice[] | null;
type Choice = vscode.QuickPickItem & { next?: () => Next | Promise<Next> };

/** Compares checkpoints in VS Code's own diff editor. */
export class Comparing implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #texts = new Map<string, string>();
  #last: CheckpointComparison | null = null;
  #shown = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#owned.add(vscode.workspace.registerTextDocumentContentProvider(Schemes.comparison, this));
    this.#owned.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#texts.delete(uri.toString())),
    );
  }

  /** Null where the user does not say what with. */
  async compare(key: CheckpointKey): Promise<CheckpointComparison | null> {
    const client = await this.#parts.reader.client();
    const { summary, parent } = await client.call.detail(key);
    const title = `Compare ${checkpointLabel(summary)} of ${summary.agent} with`;
    let choices = await this.#choices(summary, parent);
    let other: Other | undefined;
    while (other === undefined) {
      const picked = await vscode.window.showQuickPick(choices, { title, matchOnDescription: true });
      if (picked?.next === undefined) return null;
      const next = await picked.next();
      if (next === null) return null;
      if (Array.isArray(next)) choices = next;
      else other = next;
    }
    this.#last = await this.#difference(key, other);
    await this.show();
    return this.#last;
  }

  /** The last difference, beside what is in sight. */
  async show(): Promise<void> {
    const last = this.#last;
    if (last === null) throw new Notice("Nothing has been compared in this window yet.");
    const { a, b, texts, added, removed, changed, truncated } = last;
    this.#shown += 1;
    const names: [string, string] = [nameOf(a), b === null ? "now" : nameOf(b)];
    const [left, right] = [this.#document(names[0], texts.a), this.#document(names[1], texts.b)];
    const count = added + removed + changed;
    const differences = count === 1 ? "1 difference" : `${count}${truncated ? " or more" : ""} differences`;
    await vscode.commands.executeCommand(
      "vscode.diff",
      left,
      right,
      `${a.agent}: ${names[0]} ↔ ${names[1]} · ${differences}`,
      { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true },
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #difference(a: CheckpointKey, other: Other): Promise<CheckpointComparison> {
    const { reader, runner } = this.#parts;
    const client = await reader.client();
    if ("key" in other) {
      // The older one is what the newer one is compared with.
      const [before, after] = a.id < other.key.id ? [a, other.key] : [other.key, a];
      return client.call.compare(before, after);
    }
    const live = await runner.liveState(folderNamed(a.folder), other.runId);
    return client.call.compareWithLive(a, JSON.stringify(live.context));
  }

  async #choices(summary: CheckpointSummaryRow, parent: CheckpointSummaryRow | null): Promise<Choice[]> {
    const { agent, id } = summary;
    const others = await this.#checkpoints(summary, id, 0);
    const newest = others.newest;
    const choices: Choice[] = this.#live(summary);
    if (parent !== null) choices.push({ ...choiceOf(parent), label: "The checkpoint that it follows" });
    if (newest !== undefined && newest.id > id)
      choices.push({ ...choiceOf(newest), label: `The newest of ${agent}` });
    const agents = await this.#agents(summary);
    if (agents.length > 0) choices.push({ label: "One of another agent…", next: () => agents });
    if (newest === undefined && choices.length === 0)
      throw new Notice(`${agent} has no other checkpoint to compare with.`);
    const line: Choice = { label: `Checkpoints of ${agent}`, kind: vscode.QuickPickItemKind.Separator };
    return [...choices, line, ...others.choices];
  }

  /** Those of an agent but one, the newest first, so many at a time. */
  async #checkpoints(
    { folder, agent }: AgentOf,
    but: string,
    from: number,
  ): Promise<{ newest: CheckpointSummaryRow | undefined; choices: Choice[] }> {
    const { call } = await this.#parts.reader.client();
    const { count, rows } = await call.page(CheckpointQuery.parse({ folder, agent }), from, OFFERED);
    const others = rows.filter((row) => row.kind === "checkpoint").filter((row) => row.id !== but);
    const choices: Choice[] = others.map(choiceOf);
    if (from + OFFERED < count)
      choices.push({
        label: "Older ones…",
        next: async () => (await this.#checkpoints({ folder, agent }, but, from + OFFERED)).choices,
      });
    return { newest: others[0], choices };
  }

  /** All others that have checkpoints, of all folders. */
  async #agents(than: AgentOf): Promise<Choice[]> {
    const { reader } = this.#parts;
    const { call } = await reader.client();
    const { folders } = reader;
    const choices: Choice[] = [];
    for (const { folder, name } of folders) {
      for (const { agent, checkpoints } of await call.agentsIn(folder)) {
        if (agent === than.agent && folder === than.folder) continue;
        choices.push({
          label: agent,
          description: [...(folders.length > 1 ? [name] : []), counted(checkpoints, "checkpoint")].join(
            " · ",
          ),
          next: async () => (await this.#checkpoints({ folder, agent }, "", 0)).choices,
        });
      }
    }
    return choices;
  }

  /** The runs of the agent at work in this window. */
  #live({ folder, agent }: CheckpointSummaryRow): Choice[] {
    return this.#parts.history.rows
      .filter(
        ({ summary, folder: { uri } }) =>
          uri === folder &&
          isAtWork(summary) &&
          this.#parts.runner.atWork(summary.runId) !== undefined &&
          runName({ file: summary.agent.file_path, name: summary.agent.name }) === agent,
      )
      .map(({ summary: { runId } }) => ({
        label: `What ${agent} has now`,
        description: `run ${runId.slice(-6)}, at work`,
        next: () => ({ runId }),
      }));
  }

  #document(title: string, text: string): vscode.Uri {
    const path = `/${title.replace(/[/\\]/g, "-")}.json`;
    const uri = vscode.Uri.from({ scheme: Schemes.comparison, path, query: `${this.#shown}` });
    this.#texts.set(uri.toString(), text);
    return uri;
  }
}

const timeOf = ({ createdAt }: CheckpointSummaryRow): string => new Date(createdAt).toLocaleString();
/** Tells two of one label apart. */
const nameOf = (summary: CheckpointSummaryRow): string =>
  `${checkpointLabel(summary)} ${summary.id.slice(-6)}`;

function choiceOf(summary: CheckpointSummaryRow): Choice {
  const { folder, id, runId } = summary;
  const run = runId === null ? [] : [`run ${runId.slice(-6)}`];
  return {
    label: checkpointLabel(summary),
    description: [timeOf(summary), ...run, id.slice(-6)].join(" · "),
    next: () => ({ key: { folder, id } }),
  };
}
