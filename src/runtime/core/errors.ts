/**
 * The caller used an agent wrongly: executed it concurrently or after its shutdown, or called the sync variant of
 * something that needs the async one. Never retried.
 */
export class AgentUsageError extends Error {
  /** Names the class, also across copies of this library. */
  override readonly name = "AgentUsageError";
}

/** A task does not fit what the agent takes. Never retried. */
export class TaskValidationError extends Error {
  /** Names the class, also across copies of this library. */
  override readonly name = "TaskValidationError";
  /** One sentence for each thing that is wrong. */
  readonly issues: readonly string[];

  /** `issues` defaults to the message alone. */
  constructor(message: string, issues: readonly string[] = [message]) {
    super(message);
    this.issues = issues;
  }
}

/** The agent returned normally, but `failedWhen` says that what it returned means failure. */
export class ReportedFailureError extends Error {
  /** Names the class, also across copies of this library. */
  override readonly name = "ReportedFailureError";
  /** The returned value. */
  readonly value: unknown;

  /** `value` is what the agent returned. */
  constructor(message: string, value: unknown) {
    super(message);
    this.value = value;
  }
}

/** An execution was aborted by its signal. The reason of the signal is the `cause`. */
export class ExecutionAbortedError extends Error {
  /** Names the class, also across copies of this library. */
  override readonly name = "AbortError";
}

/** An error as plain data. */
export interface ErrorInfo {
  /** The error's name; "NonError" for what is not an error. */
  name: string;
  /** The error's message; a description of what is not an error. */
  message: string;
  /** Where it was made, in the engine's own format. */
  stack?: string;
  /** Groups equal errors, where an {@link ErrorRecorder} is configured. */
  signature?: string;
}

/** Describes anything that was thrown, also what is not an Error. */
export function describeError(thrown: unknown): ErrorInfo {
  if (typeof thrown === "object" && thrown !== null) {
    const { name, message = unreadableMessage(thrown), stack } = readErrorFields(thrown);
    if (message !== undefined) {
      return { name: name ?? "Error", message, ...(stack === undefined ? {} : { stack }) };
    }
  }
  return { name: "NonError", message: textOf(thrown) };
}

function readErrorFields(thrown: object): { name?: string; message?: string; stack?: string } {
  const text = (key: string): string | undefined => {
    const value = fieldOf(thrown, key);
    return typeof value === "string" ? value : undefined;
  };
  const fields: { name?: string; message?: string; stack?: string } = {};
  const name = text("name");
  const message = text("message");
  const stack = text("stack");
  if (name !== undefined && name !== "") fields.name = name;
  if (message !== undefined) fields.message = message;
  if (stack !== undefined) fields.stack = stack;
  return fields;
}

/** Says of an error whose message cannot be read why; undefined where it can. */
export function unreadableMessage(thrown: object): string | undefined {
  try {
    Reflect.get(thrown, "message");
    return undefined;
  } catch (trap) {
    // What it throws may be the error itself: nothing further is read of it.
    const why = typeof trap === "object" && trap !== null ? fieldOf(trap, "message") : textOf(trap);
    const told = typeof why === "string" && why !== "" ? why : "reading it fails";
    return `An error was thrown whose message cannot be read: ${told}`;
  }
}

/** A property of an object of unknown origin: getters and proxies may throw. */
export function fieldOf(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  for (const describe of [
    (): unknown => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)),
    (): unknown => Object.prototype.toString.call(value),
  ]) {
    try {
      const text = describe();
      if (typeof text === "string") return text;
    } catch {
      // Such as a revoked proxy.
    }
  }
  return "[unreadable]";
}
