import * as vscode from "vscode";
import { nodePathOf } from "../../nodePath.ts";
import { migrateAnswers } from "../../../migration/migrateAnswers.ts";
import type { MigrationStage } from "../../../migration/migrateMany.ts";
import { Git } from "../../../migration/git.ts";
import { installNote, missingInstalls } from "../../../migration/packageManager.ts";
import { plansOf } from "../../../migration/planAll.ts";
import { newReport, type Answer } from "../../../migration/report.ts";
import type { MigrationReport } from "../../../model/migrationReport.ts";
import { findNode } from "../../../runs/nodeBinary.ts";
import { TypeCheckClient } from "../../../typeCheck/client.ts";
import type { PreparedFolder } from "./prepared.ts";

const stages: Record<MigrationStage, string> = {
  checking: "checking types before…",
  writing: "writing…",
  verifying: "verifying by the types…",
  rollingBack: "rolling back what brings type errors…",
};

interface Run {
  folder: PreparedFolder;
  answers: readonly Answer[];
  /** The type check process's bundle. */
  checkFile: string;
  signal: AbortSignal;
  tell: (message: string) => void;
}

/** Writes the migration of one folder and reports it. The caller holds the lock of the folder. */
export async function runMigration({
  folder,
  answers,
  checkFile,
  signal,
  tell,
}: Run): Promise<MigrationReport> {
  const { root, options } = folder;
  const report = newReport(root);
  const plans = plansOf(answers);
  const installs = await missingInstalls(plans);
  report.notes.push(...installs.map(installNote));
  let stage = "";
  const onStage = (next: MigrationStage) => {
    stage = stages[next];
    tell(stage);
  };
  const onProgress = (done: number, total: number) => {
    if (total > 1) tell(`${stage} (${done} of ${total} projects)`);
  };
  const checker = options.verify ? await openTypeChecker(root, checkFile, onProgress) : undefined;
  try {
    const git = options.commit ? new Git(root, signal) : null;
    const { stopped, ...done } = await migrateAnswers({ root, answers, checker, git, signal, onStage });
    if (stopped !== null) report.notes.push(stopped);
    return { ...report, ...done };
  } finally {
    checker?.dispose();
  }
}

async function openTypeChecker(
  root: string,
  processFile: string,
  onProgress: (done: number, total: number) => void,
): Promise<TypeCheckClient> {
  const setting = nodePathOf(vscode.Uri.file(root));
  const node = await findNode({ setting, fallback: process.execPath, cwd: root });
  return new TypeCheckClient({ root, processFile, node, onProgress });
}
