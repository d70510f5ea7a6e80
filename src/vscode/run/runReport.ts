import { fixLine } from "../../model/fixLine.ts";
import { percent } from "../../model/percent.ts";
import type { Finished, RunEvent, Started } from "../../model/runRecord.ts";
import { seconds } from "../../model/seconds.ts";
import { stoppedText } from "../../model/stoppedText.ts";

const longest = 300;

/** One line of the "Agents: Runs" channel for each event; null for those that say nothing new. */
export function lineOf(event: RunEvent): string | null {
  switch (event.type) {
    case "queued":
      return event.tool === undefined
        ? `queued: task ${JSON.stringify(event.task)}`
        : `queued: tool ${event.tool} with ${JSON.stringify(event.task)}`;
    case "started":
      return startLine(event);
    case "checkpoint":
      return `checkpoint ${event.id}${event.label === null ? "" : ` (${event.label})`}`;
    case "progress":
      return `${percent(event.fraction)} ${event.message ?? ""}`.trim() || null;
    case "log":
      return event.text.replace(/\r?\n$/, "");
    case "retry":
      return `attempt ${event.attempt} of ${event.of} failed (${event.error.message}); next in ${seconds(event.delayMs)}`;
    case "tool":
      return event.refused
        ? `tool ${event.name} was refused: ${event.error ?? ""}`
        : `tool ${event.name} ${event.ok ? "succeeded" : "failed"} after ${seconds(event.durationMs)}`;
    case "fix":
    case "fixUndone":
      return fixLine(event);
    case "usage":
      return null;
    case "question":
      return `asks: ${event.question.message}`;
    case "answer":
      return `answered${event.replayed ? " earlier" : ""}: ${String(event.answer)}`;
    case "finished":
      return [
        outcome(event),
        ...event.warnings.map((warning) => `warning: ${warning}`),
        event.error?.stack ?? "",
      ]
        .filter(Boolean)
        .join("\n");
    case "resumed":
      return `resumed by run ${event.by}`;
  }
}

function startLine({ worker, checkpoint, pid, node }: Started): string {
  const process = `process ${pid}, Node.js ${node}`;
  if (worker === undefined) return `started: ${process}`;
  return checkpoint === undefined
    ? `started: worker ${worker}, ${process}`
    : `goes on with worker ${worker} from checkpoint ${checkpoint}: ${process}`;
}

function outcome({ status, attempts, durationMs, error, stopped }: Finished): string {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const how = stopped === undefined ? "" : `, ${stoppedText(stopped)}`;
  return `${status}${tries} in ${seconds(durationMs)}${how}${error ? `: ${error.name}: ${error.message}` : ""}`;
}

/** The sentence of the notification. */
export function sentenceOf(name: string, { status, attempts, durationMs, error }: Finished): string {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const reason = error ? `: ${firstLine(error.message)}` : ".";
  switch (status) {
    case "success":
      return `${name} finished in ${seconds(durationMs)}${tries}.`;
    case "failed":
      return `${name} failed${tries}${reason}`;
    case "cancelled":
      return `${name} was cancelled.`;
    case "interrupted":
      return `${name} was interrupted${reason.replace(/^: interrupted /, " ")}`;
  }
}

/** As much as a notification has room for; the log has all of it. */
function firstLine(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line.length > longest ? `${line.slice(0, longest).trimEnd()}…` : line;
}
