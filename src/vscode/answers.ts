import * as vscode from "vscode";
import { UserError } from "../model/userError.ts";
import type { CommandId } from "./contributions.ts";

export type Log = vscode.LogOutputChannel;

/** True for the ways a library says "the user stopped this". */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "Canceled");
}

/** Says that there is nothing to do: no failure, so it is shown as information. */
export class Notice extends UserError {}

/** The sentence of a `UserError`; a bug is logged with its stack and named shortly. */
export function sentenceFor(error: unknown, log: Log): string {
  if (error instanceof UserError) return error.message;
  log.error(error instanceof Error ? error : String(error));
  return `Something went wrong inside OPSVI Agents: ${error instanceof Error ? error.message : String(error)}`;
}

export async function showFailure(error: unknown, log: Log): Promise<void> {
  if (isCancellation(error)) return;
  const sentence = sentenceFor(error, log);
  if (error instanceof Notice) return void vscode.window.showInformationMessage(sentence);
  const buttons = error instanceof UserError ? [] : ["Show Log"];
  if ((await vscode.window.showErrorMessage(sentence, ...buttons)) === "Show Log") log.show();
}

/** Registers a command whose failures end in one sentence where the user asked. */
export function registerCommand(
  log: Log,
  id: CommandId,
  run: (...args: unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      void showFailure(error, log);
    }
  });
}

/** Starts work nobody waits for; what goes wrong is logged. */
export function inBackground(log: Log, work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (!isCancellation(error)) log.error(error instanceof Error ? error : String(error));
  });
}
