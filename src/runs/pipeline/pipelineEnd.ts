import type { Outcome } from "../../model/hostProtocol.ts";
import type { Finished, RunError } from "../../model/runRecord.ts";

export interface StepFailure {
  step: string;
  error: RunError;
}

const COMMON = { checkpointId: null, attempts: 1, durationMs: 0, warnings: [] };

export const cancelledEnd: Outcome = { status: "cancelled", ...COMMON };

export function interruptedEnd(message: string): Outcome {
  return { status: "interrupted", error: { name: "InterruptedError", message }, ...COMMON };
}

/** How a pipeline ended in which nothing was interrupted. */
export function endAfter(failures: readonly StepFailure[], output?: Record<string, unknown>): Outcome {
  if (failures.length > 0) return { status: "failed", error: errorOf(failures), ...COMMON };
  return { status: "success", ...(output !== undefined && { output }), ...COMMON };
}

/** What a step failed with. */
export const stepError = ({ status, error }: Pick<Finished, "status" | "error">): RunError =>
  error ?? { name: "Error", message: `It was ${status}.` };

export const stepInterrupted = (step: string, error: RunError | undefined): string =>
  `The step "${step}" was interrupted${error === undefined ? "." : `: ${error.message}`}`;

function errorOf(failures: readonly StepFailure[]): RunError {
  const told = failures.map(
    ({ step, error }) => `"${step}": ${error.name === "UserError" ? "" : `${error.name}: `}${error.message}`,
  );
  const [first = ""] = told;
  const message =
    failures.length === 1 ? `The step ${first}` : `${failures.length} steps failed. ${told.join("\n")}`;
  return { name: "StepError", message };
}
