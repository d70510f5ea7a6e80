import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { UserError } from "../../model/userError.ts";
import { readRun } from "../../runs/readRun.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import type { AgentFinder } from "../agentTarget.ts";
import type { Agent } from "../index/indexService.ts";
import type { RunInputs } from "../run/runInputs.ts";
import type { Runner } from "../run/runner.ts";
import type { RunRow } from "./row.ts";

/** What a run was asked for, as this window or else its record knows. Rejects with a UserError where a secret was left out. */
export async function inputsOf(row: RunRow, runner: Runner): Promise<RunInputs> {
  return runner.asked(row.summary.runId) ?? (await recordedInputs(row));
}

async function recordedInputs({ folder, summary: { runId, agent } }: RunRow): Promise<RunInputs> {
  const [queued] = await readRun(vscode.Uri.parse(folder.uri).fsPath, runId);
  if (queued?.type !== "queued") throw new UserError("The record of this run does not tell its task.");
  const inputs = { task: queued.task, args: queued.args ?? [], tool: queued.tool };
  if (holdsRedacted(inputs)) {
    throw new UserError(
      `The record of this run left out a secret, so it cannot be run again as it was: give ${displayName(agent.name)} its task with Run Task….`,
    );
  }
  return inputs;
}

export async function agentOf({ folder, summary: { agent } }: RunRow, finder: AgentFinder): Promise<Agent> {
  const uri = vscode.Uri.joinPath(vscode.Uri.parse(folder.uri), agent.file_path).toString();
  const found = await finder.find(
    { uri, name: agent.name, line: 1 },
    { atCursor: false, selected: undefined, refusal: "" },
  );
  if (found === undefined) throw new UserError(`${agent.name} is no longer in ${agent.file_path}.`);
  return found;
}
