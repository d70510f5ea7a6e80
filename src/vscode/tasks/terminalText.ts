import type { RunEvent } from "../../model/runRecord.ts";
import { lineOf } from "../run/runReport.ts";
import { failurePlace } from "./failurePlace.ts";

/** What the terminal of a task shows of an event, without line breaks at its end; null where it says nothing new. */
export function terminalText(event: RunEvent, root: string): string | null {
  if (event.type === "question")
    return `${lineOf(event) ?? ""}\nPress Enter here to answer, or choose Answer… in its row of Agent Runs.`;
  if (event.type !== "finished") return lineOf(event);
  const result = event.output === undefined ? [] : [JSON.stringify(event.output, null, 2)];
  const problem = event.error && event.status !== "cancelled" ? problemLine(event.error, root) : null;
  return [...result, lineOf(event), ...(problem === null ? [] : [problem])].join("\n");
}

/** As the problem matcher $opsvi-agents of the manifest reads it: PATH:LINE:COLUMN: error: NAME: MESSAGE */
function problemLine(error: Parameters<typeof failurePlace>[0], root: string): string | null {
  const found = failurePlace(error, root);
  if (found === null) return null;
  const { path, line, column } = found;
  return `${path}:${line}:${column}: error: ${error.name}: ${error.message.replace(/\s*\n\s*/g, " ")}`;
}
