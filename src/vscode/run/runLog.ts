import * as vscode from "vscode";
import type { RunEvent } from "../../model/runRecord.ts";
import { lineOf } from "./runReport.ts";

/** The "Agents: Runs" output channel: what runs do, as it happens, each line with its time and agent. */
export class RunLog implements vscode.Disposable {
  readonly #channel = vscode.window.createOutputChannel("Agents: Runs", "log");

  append(name: string, event: RunEvent): void {
    const text = lineOf(event);
    if (text === null) return;
    const time = event.time.slice(11, 23);
    const prefix = `${time} ${name} ${event.runId.slice(-6)} `;
    this.#channel.append(
      text
        .split("\n")
        .map((line) => `${prefix}${line}\n`)
        .join(""),
    );
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
