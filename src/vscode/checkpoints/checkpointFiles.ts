import * as vscode from "vscode";
import type { JobOptions } from "../../checkpoints/client.ts";
import type { CheckpointKey } from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { mebibytes } from "../../model/runLimits.ts";
import { UserError } from "../../model/userError.ts";
import type { Log } from "../answers.ts";
import { askFolder } from "../askFolder.ts";
import { inProgressWhenSlow, type Watch } from "../inProgress.ts";
import { exportFile } from "../panels/exportFile.ts";
import { isTrustedFor } from "../trust.ts";
import type { CheckpointReader } from "./checkpointReader.ts";

const MOST_MEBIBYTES = 256;

/** Checkpoints that leave the folder and come into it, as files, and those that go for good. */
export class CheckpointFiles {
  readonly #reader: CheckpointReader;
  readonly #log: Log;

  constructor(reader: CheckpointReader, log: Log) {
    this.#reader = reader;
    this.#log = log;
  }

  async export(keys: CheckpointKey[]): Promise<void> {
    const { call } = await this.#reader.client();
    const text = await call.exportText(keys);
    const [first] = keys;
    const name =
      keys.length === 1 && first !== undefined ? `checkpoint-${first.id.slice(-12)}` : "checkpoints";
    await exportFile(this.#log, `${name}.json`, text);
  }

  async import(): Promise<void> {
    if (!isTrustedFor("Importing checkpoints")) return;
    const folder = await askFolder(
      "Import checkpoints into",
      "Checkpoints are imported into a folder on disk: open one, and import them then.",
    );
    if (folder === undefined) return;
    const [file] =
      (await vscode.window.showOpenDialog({
        title: "Import Checkpoints",
        filters: { "Exported checkpoints": ["json"] },
        defaultUri: folder.uri,
      })) ?? [];
    if (file === undefined) return;
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > MOST_MEBIBYTES * 2 ** 20)
      throw new UserError(`The file is larger than ${mebibytes(MOST_MEBIBYTES)}: export fewer checkpoints.`);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    const client = await this.#reader.client();
    const { imported, refused } = await inProgressWhenSlow("Importing checkpoints", (...watch) =>
      client.run((functions, job) => functions.importText(job, folder.uri.toString(), text), told(...watch)),
    );
    if (imported.length > 0)
      void vscode.window.showInformationMessage(`${counted(imported.length, "checkpoint")} imported.`);
    for (const sentence of refused.slice(0, 3)) void vscode.window.showWarningMessage(sentence);
    if (refused.length > 3)
      void vscode.window.showWarningMessage(
        `${(refused.length - 3).toLocaleString("en")} more were not imported.`,
      );
  }

  /** Asks first; whether they are gone. */
  async remove(keys: CheckpointKey[]): Promise<boolean> {
    if (!isTrustedFor("Deleting a checkpoint")) return false;
    const what = counted(keys.length, "checkpoint");
    const answer = await vscode.window.showWarningMessage(
      `Delete ${what}?`,
      { modal: true, detail: "This cannot be undone. What followed it can still be restored." },
      "Delete",
      "Export First…",
    );
    if (answer === undefined) return false;
    if (answer === "Export First…") {
      await this.export(keys);
      return false;
    }
    const client = await this.#reader.client();
    const gone = await inProgressWhenSlow(`Deleting ${what}`, (...watch) =>
      client.run((functions, job) => functions.remove(job, keys), told(...watch)),
    );
    return gone === keys.length;
  }
}

const told = (signal: AbortSignal, tell: Watch["tell"]): JobOptions => ({
  signal,
  onProgress: (done, total) => tell(`${done.toLocaleString("en")} of ${total.toLocaleString("en")}`),
});
