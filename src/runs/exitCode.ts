import type { Finished } from "../model/runRecord.ts";

/** Names of errors that mean a wrong request, not a failing agent. */
const WRONG_INPUT = new Set(["UserError", "TaskValidationError"]);

/** 0 done, 1 the agent failed, 2 wrong use or input, 130 cancelled: the same for the command line and for tasks of VS Code. */
export function exitCodeOf({ status, error }: Pick<Finished, "status" | "error">): number {
  if (status === "success") return 0;
  if (status === "cancelled") return 130;
  return error && WRONG_INPUT.has(error.name) ? 2 : 1;
}
