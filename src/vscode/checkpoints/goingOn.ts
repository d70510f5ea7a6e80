import * as vscode from "vscode";
import { parseAgentRef, runName } from "../../model/agentRef.ts";
import type { CheckpointKey, CheckpointSummaryRow } from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import { readRun } from "../../runs/readRun.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import { decode } from "../../runtime/checkpoint/codec.ts";
import type { AgentFinder } from "../agentTarget.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import { runnable, type Runner } from "../run/runner.ts";
import { folderNamed, type CheckpointReader } from "./checkpointReader.ts";

interface Parts {
  reader: CheckpointReader;
  runner: Runner;
  finder: AgentFinder;
  index: IndexService;
}

/** Whose checkpoint it is, and how that was made. */
interface Maker {
  agent: Agent;
  args: unknown[];
}

/** Starts runs that go on from a checkpoint. */
export class GoingOn {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** With the task that it was made at. Rejects with a UserError where its agent cannot be found, or a secret is missing. */
  async resume(key: CheckpointKey): Promise<void> {
    const client = await this.#parts.reader.client();
    const { summary, content, withheld, run } = await client.call.detail(key);
    if (content === null) throw new UserError(withheld ?? "This checkpoint cannot be read.");
    const task = decode(content.task);
    if (holdsRedacted(task))
      throw new UserError(
        "The task of this checkpoint lacks a secret that was not recorded: fork it with edits and write the secret there, or run the agent again.",
      );
    const start = await this.ready(summary, run?.agent ?? null);
    start(key.id, task);
  }

  /**
   * Makes sure that the agent of a checkpoint can be run; answers with what starts it from that one, or from one made of it.
   * @param ref FILE#Class, where a record tells it
   */
  async ready(
    summary: Pick<CheckpointSummaryRow, "folder" | "agent" | "runId">,
    ref: string | null,
  ): Promise<(checkpoint: string, task: unknown) => void> {
    const { agent, args } = await this.#maker(summary, ref);
    refuseUnrunnable(agent);
    await saveSources(agent.folder);
    return (checkpoint, task) => void this.#parts.runner.start(runnable(agent), { task, args, checkpoint });
  }

  async #maker(
    { folder, agent: name, runId }: Pick<CheckpointSummaryRow, "folder" | "agent" | "runId">,
    ref: string | null,
  ): Promise<Maker> {
    const { uri } = folderNamed(folder);
    if (ref !== null && runId !== null) {
      const { file, name: className } = parseAgentRef(ref);
      const target = { uri: vscode.Uri.joinPath(uri, file).toString(), name: className, line: 1 };
      const [queued] = await readRun(uri.fsPath, runId);
      const agent = await this.#parts.finder.find(target, {
        atCursor: false,
        selected: undefined,
        refusal: "",
      });
      const args = queued?.type === "queued" ? (queued.args ?? []) : [];
      if (holdsRedacted(args))
        throw new UserError(
          `The record of run ${runId} left out a secret of the constructor's arguments: run ${name} again with it.`,
        );
      if (agent !== undefined) return { agent, args };
    }
    await this.#parts.index.ready();
    const named = this.#parts.index.agents.filter(
      ({ folder: { uri: at }, record }) =>
        at.toString() === folder && runName({ file: record.file_path, name: record.name }) === name,
    );
    const [agent] = named;
    if (agent !== undefined && named.length === 1) return { agent, args: [] };
    throw new UserError(
      named.length === 0
        ? `The record of its run is gone, and no agent called ${name} is in this folder: nobody knows what to run.`
        : `The record of its run is gone, and ${named.length} agents are called ${name}: run the one you mean with Run Task….`,
    );
  }
}
