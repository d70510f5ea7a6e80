import * as vscode from "vscode";
import { CodeRunner } from "../../runs/fixes/codeRunner.ts";
import type { FixBook } from "../../runs/fixes/knownFixes.ts";
import type { FixOptions } from "../../runs/fixes/runFixes.ts";
import { Settings } from "../contributions.ts";
import type { FixApprovals } from "./fixApprovals.ts";

/** When runs of this window are given known solutions by themselves. */
export function autoFix(approvals: FixApprovals, book: FixBook, sandboxFile: string): FixOptions {
  const runner = new CodeRunner(sandboxFile);
  return {
    isOn: () => vscode.workspace.isTrusted && isSwitchedOn(),
    isApproved: (hash) => vscode.workspace.isTrusted && approvals.isApproved(hash),
    runCode: (...given) => runner.run(...given),
    book,
  };
}

/** By the user: what a workspace says does not count, whatever VS Code makes of it. */
function isSwitchedOn(): boolean {
  const values = vscode.workspace.getConfiguration().inspect<boolean>(Settings.autoFix);
  return (values?.globalValue ?? values?.defaultValue) === true;
}
