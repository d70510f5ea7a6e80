import { version } from "../../package.json";
import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { EndedRuns } from "../telemetry/endedRuns.ts";
import { isEndpoint, noEndpoint } from "../telemetry/endpoint.ts";
import type { Output } from "./output.ts";

const CLOSE_MS = 3_000;

export interface Telemetry {
  hear(event: RunEvent): void;
  close(): Promise<void>;
}

/** Sends each run that ends to an OpenTelemetry endpoint; the SDK is loaded only where there is one. */
export async function openTelemetry(endpoint: string | undefined, output: Output): Promise<Telemetry | null> {
  if (endpoint === undefined) return null;
  if (!isEndpoint(endpoint)) throw new UserError(noEndpoint("--otlp", endpoint));
  const { OtlpExporter } = await import("../telemetry/otlpExporter.ts");
  const exporter = new OtlpExporter({ endpoint, version, onTrouble: (sentence) => output.note(sentence) });
  const runs = new EndedRuns();
  return {
    hear(event) {
      const spans = runs.hear(event);
      if (spans !== null) exporter.send(spans);
    },
    close: () => exporter.close(CLOSE_MS),
  };
}
