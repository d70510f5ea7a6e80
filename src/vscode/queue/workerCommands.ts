import * as vscode from "vscode";
import { registerCommand, type Log } from "../answers.ts";
import { askFolder } from "../askFolder.ts";
import { Commands, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { fetchOfQueue } from "./fetchOfQueue.ts";
import { refuseUnused, type QueueOfUser } from "./queueOfUser.ts";
import { namedQueue } from "./queueSettings.ts";
import { workerCommand } from "./workerCommand.ts";

const PASSWORD_VARIABLE = "OPSVI_AGENTS_QUEUE_PASSWORD";

/** Shows the workers of the queue, says how one is started, and brings the checkpoints here that they share. */
export function registerWorkerCommands(queue: QueueOfUser, log: Log): Disposables {
  const owned = new Disposables();
  owned.add(
    registerCommand(log, Commands.showWorkers, async () => {
      refuseUnused(queue);
      await vscode.commands.executeCommand(`${Views.workers}.focus`);
    }),
  );
  owned.add(
    registerCommand(log, Commands.copyWorkerCommand, async () => {
      const address = namedQueue();
      const folder = await askFolder(
        "The folder whose agents the worker runs",
        "No folder is open: a worker runs the agents of a folder.",
      );
      if (folder === undefined) return;
      await vscode.env.clipboard.writeText(workerCommand(address, folder.uri.fsPath));
      const password = (await queue.hasPassword())
        ? ` It reads the password from the environment variable ${PASSWORD_VARIABLE}.`
        : "";
      void vscode.window.showInformationMessage(`Copied the command that starts a worker.${password}`);
    }),
  );
  owned.add(registerCommand(log, Commands.fetchCheckpoints, () => fetchOfQueue(queue)));
  return owned;
}
