import * as vscode from "vscode";
import { version } from "../../../package.json";
import { EndedRuns } from "../../telemetry/endedRuns.ts";
import type { OtlpExporter } from "../../telemetry/otlpExporter.ts";
import type { RunSpans } from "../../telemetry/runSpans.ts";
import type { Run } from "../../runs/runService.ts";
import { inBackground, showFailure, type Log } from "../answers.ts";
import { Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Runner } from "../run/runner.ts";
import type { TelemetryHeaders } from "./telemetryHeaders.ts";
import { tellsContent, telemetryEndpoint } from "./telemetrySettings.ts";

const CLOSE_MS = 3_000;

interface Parts {
  runner: Runner;
  headers: TelemetryHeaders;
  log: Log;
}

/** Sends the runs of this window that have ended to the endpoint of the user's settings; the SDK is loaded by the first one. */
export class Telemetry implements vscode.Disposable {
  readonly #headers: TelemetryHeaders;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #runs = new EndedRuns();
  #exporter: Promise<OtlpExporter> | null = null;
  #isRefused = false;

  constructor({ runner, headers, log }: Parts) {
    this.#headers = headers;
    this.#log = log;
    this.#owned.add(runner.onDidStart(({ run }) => this.#follow(run)));
    this.#owned.add(headers.onDidChange(() => this.#close()));
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Settings.telemetryEndpoint)) this.#close();
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
    this.#close();
  }

  #follow(run: Run): void {
    if (this.#endpoint() === null) return;
    run.onEvent((event) => {
      const spans = this.#runs.hear(event, tellsContent());
      if (spans !== null) inBackground(this.#log, this.#send(spans));
    });
  }

  async #send(spans: RunSpans): Promise<void> {
    const endpoint = this.#endpoint();
    if (endpoint === null) return;
    this.#exporter ??= this.#open(endpoint);
    (await this.#exporter).send(spans);
  }

  async #open(endpoint: string): Promise<OtlpExporter> {
    const { OtlpExporter } = await import("../../telemetry/otlpExporter.ts");
    return new OtlpExporter({
      ...{ endpoint, version, headers: await this.#headers.of(endpoint) },
      onTrouble: (sentence) => {
        this.#log.warn(sentence);
        void vscode.window.showWarningMessage(sentence);
      },
    });
  }

  /** What is no address is told once, until the setting changes. */
  #endpoint(): string | null {
    try {
      return telemetryEndpoint();
    } catch (error) {
      if (!this.#isRefused) void showFailure(error, this.#log);
      this.#isRefused = true;
      return null;
    }
  }

  /** Of the settings as they were; what waits there is still sent. */
  #close(): void {
    this.#isRefused = false;
    const open = this.#exporter;
    this.#exporter = null;
    if (open !== null)
      inBackground(
        this.#log,
        open.then((exporter) => exporter.close(CLOSE_MS)),
      );
  }
}
