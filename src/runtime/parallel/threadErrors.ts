import { describeError, fieldOf, AgentUsageError } from "../core/errors.ts";
import { named } from "./failure.ts";
import type { ThreadRequest } from "./threadProtocol.ts";
import type { ThreadLimits } from "./types.ts";

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null ? fieldOf(error, "code") : undefined;

/** The package that runs threads is missing or broken. */
export function noPool(error: unknown): Error {
  const code = codeOf(error);
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
    return new AgentUsageError(
      "Agents given by module reference run in threads of the package piscina, which is not installed: npm install piscina.",
      { cause: error },
    );
  }
  return named(
    "ThreadStartError",
    `The package piscina cannot be loaded: ${describeError(error).message}`,
    error,
  );
}

/** A thread did not get so far as to take a task. */
export function failedStart(error: unknown, file: string): Error {
  const why = error === undefined ? "it ended at once" : describeError(error).message;
  // piscina looks for its own files beside itself.
  const missing =
    ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(String(codeOf(error))) ||
    why === "__dirname is not defined";
  const advice = missing
    ? ` A program that bundles this library leaves piscina out of its bundle, and gives the place of a copy of agentWorker.mjs with the executor's option threadFile.`
    : "";
  return named(
    "ThreadStartError",
    `The thread for the agent did not start (it runs ${file}): ${why}.${advice}`,
    error,
  );
}

/** The error of a request that cannot be cloned, or null for any other. */
export function notSendable(error: unknown, [, agent, task]: ThreadRequest): Error | null {
  if (describeError(error).name !== "DataCloneError") return null;
  const blame = [
    ["task", task],
    ["args of the module reference", typeof agent === "string" ? null : agent.args],
  ] as const;
  const culprit = blame.find(([, value]) => !canClone(value))?.[0] ?? "task";
  return new AgentUsageError(
    `The ${culprit} cannot be sent to a thread: ${describeError(error).message} Give data that can be cloned.`,
    { cause: error },
  );
}

function canClone(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** A thread ended while it executed a task: what that means for the task. */
export function failedThread(error: unknown, limits: ThreadLimits = {}): unknown {
  if (codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = limits.maxOldGenerationSizeMb;
    const than = limit === undefined ? "its thread may have" : `${limit.toLocaleString("en")} MiB`;
    return named("OutOfMemoryError", `The agent used more memory than ${than}: its thread was ended.`, error);
  }
  const { message } = describeError(error);
  const exit = /^worker exited with code: (-?\d+)$/.exec(message)?.[1];
  if (exit !== undefined) {
    return named(
      "ProcessExitError",
      `The agent called process.exit(${exit}), which ended its thread.`,
      error,
    );
  }
  return error;
}
