import type { RunError } from "../model/runRecord.ts";

/** What a record keeps of something thrown. */
export function asRunError(error: unknown): RunError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  return { name, message, ...(name !== "UserError" && stack !== undefined && { stack }) };
}
