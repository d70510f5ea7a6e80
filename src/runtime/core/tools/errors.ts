/** Why a call was refused: no such tool, one that the agent does not declare, or a capability that it lacks. */
export type RefusalReason = "unknown" | "undeclared" | "capability";

/** An agent may not call a tool. Never retried. */
export class ToolRefusedError extends Error {
  /** Says what kind of error it is, also across copies of this library. */
  override readonly name = "PermissionError";
  /** The tool's name, as the agent gave it. */
  readonly tool: string;
  /** The agent's name. */
  readonly agent: string;
  /** Why. */
  readonly reason: RefusalReason;

  /** `message` says what to do about it. */
  constructor(message: string, refused: { tool: string; agent: string; reason: RefusalReason }) {
    super(message);
    this.tool = refused.tool;
    this.agent = refused.agent;
    this.reason = refused.reason;
  }
}

/** The parameters of a call do not fit what the tool takes. Never retried. */
export class ToolParametersError extends Error {
  /** Says what kind of error it is, also across copies of this library. */
  override readonly name = "ValidationError";
  /** The tool's name. */
  readonly tool: string;
  /** One line for each thing that is wrong: "path: message". */
  readonly issues: readonly string[];

  /** The message is made of the issues. */
  constructor(tool: string, issues: readonly string[]) {
    super(`The parameters are not what tool "${tool}" takes: ${issues.join("; ")}.`);
    this.tool = tool;
    this.issues = issues;
  }
}

/** A tool did not answer in time; its signal has aborted. */
export class ToolTimeoutError extends Error {
  /** Says what kind of error it is, also across copies of this library. */
  override readonly name = "TimeoutError";
  /** The tool's name. */
  readonly tool: string;
  /** How long it had, in milliseconds. */
  readonly timeoutMs: number;

  /** The message names both. */
  constructor(tool: string, timeoutMs: number) {
    super(`Tool "${tool}" did not answer within ${timeoutMs} ms.`);
    this.tool = tool;
    this.timeoutMs = timeoutMs;
  }
}
