import { version } from "../../package.json";
import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { runSpans } from "../telemetry/runSpans.ts";
import type { Output } from "./output.ts";

const CLOSE_MS = 3_000;

export interface Telemetry {
  hear(event: RunEvent): void;
  close(): Promise<void>;
}

/** Sends each run that ends to an OpenTelemetry endpoint; the SDK is loaded only where there is one. */
export async function openTelemetry(endpoint: string | undefined, output: Output): Promise<Telemetry | null> {
  if (endpoint === undefined) return null;
  if (!/^https?:$/.test(protocolOf(endpoint)))
    throw new UserError(
      `--otlp takes the address of an endpoint, such as http://localhost:4318, and not ${endpoint}.`,
    );
  const { OtlpExporter } = await import("../telemetry/otlpExporter.ts");
  const exporter = new OtlpExporter({ endpoint, version, onTrouble: (sentence) => output.note(sentence) });
  const runs = new Map<string, RunEvent[]>();
  return {
    hear(event) {
      if (event.type === "log" || event.type === "progress") return;
      const events = runs.get(event.runId) ?? [];
      runs.set(event.runId, events);
      events.push(event);
      if (event.type !== "finished") return;
      runs.delete(event.runId);
      const spans = runSpans(events);
      if (spans !== null) exporter.send(spans);
    },
    close: () => exporter.close(CLOSE_MS),
  };
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}
