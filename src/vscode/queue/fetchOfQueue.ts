import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { fetchCheckpoints } from "../../queue/checkpoints/fetchCheckpoints.ts";
import { askFolder } from "../askFolder.ts";
import { Commands } from "../contributions.ts";
import { inProgress } from "../inProgress.ts";
import { isTrustedFor } from "../trust.ts";
import { refuseUnused, type QueueOfUser } from "./queueOfUser.ts";

const SHOW = "Show Checkpoints";

/** Brings the checkpoints of runs that were started elsewhere into a folder, where the panel shows them. */
export async function fetchOfQueue(queue: QueueOfUser): Promise<void> {
  if (!isTrustedFor("Fetching checkpoints")) return;
  refuseUnused(queue);
  const folder = await askFolder(
    "The folder that gets the checkpoints of the queue",
    "No folder is open: checkpoints are kept in one.",
  );
  if (folder === undefined) return;
  const told = await inProgress("Fetching checkpoints of the queue", ({ signal, tell }) =>
    fetched(queue, folder, signal, tell),
  );
  const { window, commands } = vscode;
  const show = told.isWhole ? window.showInformationMessage : window.showWarningMessage;
  if ((await show(told.sentence, SHOW)) === SHOW) await commands.executeCommand(Commands.showCheckpoints);
}

async function fetched(
  queue: QueueOfUser,
  folder: vscode.WorkspaceFolder,
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<{ sentence: string; isWhole: boolean }> {
  const opened = await queue.opener()();
  const leftOut: string[] = [];
  try {
    const { all, looked, fetched } = await fetchCheckpoints(opened.shared.files, {
      root: folder.uri.fsPath,
      onLeftOut: (sentence) => leftOut.push(sentence),
      goesOn(progress) {
        tell(`${progress.looked} of ${progress.all} looked at, ${progress.fetched} fetched`);
        return !signal.aborted;
      },
    });
    const [first] = leftOut;
    const lost = first === undefined ? "" : ` ${leftOut.length} left out: ${first}`;
    const unseen = looked === all ? "" : ` ${all - looked} not looked at.`;
    return {
      sentence: `${counted(fetched, "checkpoint")} fetched into ${folder.name}; ${all} in the queue.${unseen}${lost}`,
      isWhole: leftOut.length === 0,
    };
  } finally {
    await opened.close();
  }
}
