import * as vscode from "vscode";
import { codeProblem, inSentence } from "../../model/codeText.ts";
import type { SolutionRef } from "../../model/fix.ts";
import { UserError } from "../../model/userError.ts";
import { codeHash } from "../../runs/fixes/knownFixes.ts";
import { Schemes } from "../contributions.ts";

const KEY = "opsviAgents.approvedFixes";
const MOST = 1_000;

/** Which texts of solutions the user let run in the sandbox: kept with the user, never with a workspace. */
export class FixApprovals implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  /** The texts that are shown, by their path. */
  readonly #texts = new Map<string, string>();
  readonly #provider: vscode.Disposable;

  /** @param memory of all workspaces together */
  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(Schemes.fixCode, {
      provideTextDocumentContent: ({ path }) => this.#texts.get(path) ?? "",
    });
  }

  isApproved(hash: string): boolean {
    return this.#hashes().includes(hash);
  }

  /**
   * Shows the whole text and asks, unless that very text was approved before. Rejects with a UserError where it cannot be shown
   * as it is.
   */
  async ask(solution: SolutionRef, code: string): Promise<boolean> {
    const problem = codeProblem(code);
    if (problem !== null)
      throw new UserError(
        `The code of the solution "${inSentence(solution.fix)}" cannot be approved: ${problem}.`,
      );
    const hash = codeHash(solution, code);
    if (this.isApproved(hash)) return true;
    // An editor that is open keeps what it shows: each text has one of its own.
    const path = `/${hash}/solution.js`;
    this.#texts.set(path, code);
    const uri = vscode.Uri.from({ scheme: Schemes.fixCode, path });
    const document = await vscode.workspace.openTextDocument(uri);
    if (plain(document.getText()) !== plain(code))
      throw new UserError("The editor with this code shows something else: close it, and try again.");
    await vscode.window.showTextDocument(document, { preview: true });
    const detail = `The text in the editor is all of it. It would run in a sandbox that reaches nothing but the task and the agent's state, and return what to change of them.\n\nSHA-256 ${hash}`;
    const message = `Run the code of the solution "${inSentence(solution.fix)}"?`;
    const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, "Approve");
    if (choice !== "Approve") return false;
    const others = this.#hashes().filter((each) => each !== hash);
    await this.#memory.update(KEY, [...others, hash].slice(-MOST));
    return true;
  }

  dispose(): void {
    this.#provider.dispose();
  }

  #hashes(): string[] {
    const kept = this.#memory.get<unknown>(KEY, []);
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  }
}

/** An editor has one kind of line ends. */
const plain = (text: string): string => text.replaceAll("\r\n", "\n");
