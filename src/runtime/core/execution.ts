import { type AbortSignalLike, neverAborted, throwIfAborted } from "./abort.ts";
import type { Clock } from "./clock.ts";
import { isPromiseLike } from "./collect.ts";
import {
  AgentUsageError,
  describeError,
  type ErrorInfo,
  fieldOf,
  ReportedFailureError,
  TaskValidationError,
} from "./errors.ts";
import { contextOf } from "./executionContext.ts";
import type { Moment } from "./moment.ts";
import { normaliseOutput, reportedFailure } from "./output.ts";
import { Questions } from "./questions.ts";
import type { RecordedAnswer } from "./question.ts";
import type { Report } from "./report.ts";
import type { Restorable } from "./restoring.ts";
import { type RetryPlan, retryPlan } from "./retry.ts";
import { nothingShared } from "./sharedValues.ts";
import { checkStandardSchema, issueText, type StandardSchema } from "./standardSchema.ts";
import { settle, sleep, type Steps } from "./steps.ts";
import type { ToolUse, Toolbox } from "./toolbox.ts";
import { Trail } from "./trail.ts";
import type { ExecuteOptions, ExecutionContext, FailedResult, Result, SuccessResult } from "./types.ts";
import { UsageTotals } from "./usage.ts";

export type { Moment } from "./moment.ts";

/** What an execution needs of its agent. */
export interface Executable extends Restorable {
  readonly toolbox: Toolbox;
  call(task: unknown, context: ExecutionContext): unknown;
}

/** What an execution begins with. */
export interface ExecutionStart {
  task: unknown;
  options: ExecuteOptions;
  clock: Clock;
  /** When it was called, in milliseconds since the epoch. */
  started: number;
  /** Whether nobody waits for promises. */
  sync: boolean;
  /** The state that a failure returns to. */
  before: Moment;
  /** The checkpoint that this execution follows. */
  parentId: string | null;
  /** The answers of the execution that is resumed. */
  recorded: readonly RecordedAnswer[];
  report: Report;
}

type Summary = "warnings" | "checkpointId" | "attempts" | "durationMs" | "usage";
type Outcome = Omit<SuccessResult, Summary> | Omit<FailedResult, Summary>;

/** One execution of one task: its attempts, rollback and result, for `execute` and `executeAsync` alike. */
export class Execution {
  readonly #agent: Executable;
  readonly #options: ExecuteOptions;
  readonly #clock: Clock;
  readonly #signal: AbortSignalLike;
  readonly #started: number;
  readonly #report: Report;
  readonly #before: Moment;
  readonly #trail: Trail;
  readonly #questions: Questions;
  readonly #usage = new UsageTotals();
  #attempt = 0;
  #task: unknown;
  #recorded = false;

  constructor(agent: Executable, start: ExecutionStart) {
    const { options, clock, report } = start;
    const { runId = null } = options;
    this.#agent = agent;
    this.#task = start.task;
    this.#options = options;
    this.#clock = clock;
    this.#signal = options.signal ?? neverAborted;
    this.#started = start.started;
    this.#report = report;
    this.#before = start.before;
    this.#trail = new Trail({
      agent,
      store: options.checkpoints,
      runId,
      parentId: start.parentId,
      task: () => this.#task,
      answers: () => this.#questions.answers,
      report,
    });
    this.#questions = new Questions({
      agent: agent.metadata,
      answerer: options.answerer,
      signal: this.#signal,
      runId,
      sync: start.sync,
      recorded: start.recorded,
      report,
      onAnswered: () => this.#trail.answered(),
    });
  }

  /** The last checkpoint that was made, or null. */
  get newest(): Trail["newest"] {
    return this.#trail.newest;
  }

  /** How tools are called within this execution. */
  get toolUse(): ToolUse {
    return {
      shared: this.#options.tools,
      switched: this.#options.switchedTools,
      signal: this.#signal,
      now: () => this.#clock.now(),
      emit: (event) => this.#report.emit(event),
    };
  }

  /** Never throws: every failure is a result. */
  *steps(): Steps<Result> {
    const result = yield* this.#attempts();
    this.#questions.end();
    if (this.#recorded)
      this.#report.try("The recorded errors were not kept", () => this.#options.errors?.flush?.());
    this.#report.close();
    return {
      ...result,
      warnings: this.#report.warnings,
      checkpointId: this.#trail.startId,
      attempts: this.#attempt,
      durationMs: Math.max(0, this.#clock.now() - this.#started),
      usage: this.#usage.totals,
    };
  }

  *#attempts(): Steps<Outcome> {
    const plan = retryPlan(this.#options.retry);
    try {
      throwIfAborted(this.#signal);
      this.#trail.start(this.#before);
      if (this.#options.taskSchema !== undefined) {
        this.#task = yield* validate(this.#options.taskSchema, this.#task);
      }
    } catch (error) {
      return this.#failed(error, describeError(error));
    }
    for (;;) {
      this.#attempt += 1;
      try {
        throwIfAborted(this.#signal);
        const value = yield* settle(
          this.#agent.call(this.#task, this.#context()),
          `agent "${this.#agent.metadata.name}"`,
          (chunk) => this.#report.emit({ type: "progress", message: chunkText(chunk) }),
        );
        return this.#succeeded(value);
      } catch (error) {
        this.#questions.end();
        const info = this.#record(error);
        this.#rollBack();
        const delayMs = this.#delayMs(plan, error);
        if (delayMs === null) return this.#failed(error, info);
        this.#report.emit({
          type: "retry",
          attempt: this.#attempt,
          of: plan.attempts,
          delayMs,
          error: info,
        });
        try {
          yield* sleep(delayMs);
        } catch (interrupted) {
          // An abort ends the waiting; an environment that cannot wait leaves the error of the attempt.
          if (this.#aborted()) return this.#failed(interrupted, describeError(interrupted));
          this.#report.warn(describeError(interrupted).message);
          return this.#failed(error, info);
        }
      }
    }
  }

  #context(): ExecutionContext {
    return contextOf({
      attempt: this.#attempt,
      runId: this.#options.runId ?? null,
      shared: this.#options.shared ?? nothingShared,
      signal: this.#signal,
      trail: this.#trail,
      asking: this.#questions.nextAttempt(),
      usage: this.#usage,
      report: this.#report,
      toolbox: this.#agent.toolbox,
      toolUse: this.toolUse,
    });
  }

  /** How long to wait before the next attempt; null where there is none. */
  #delayMs(plan: RetryPlan, error: unknown): number | null {
    try {
      if (this.#attempt >= plan.attempts || this.#aborted() || !plan.retryable(error)) return null;
      return plan.delayMs(this.#attempt, () => this.#clock.random());
    } catch (broken) {
      this.#report.warn(`The retry policy failed: ${describeError(broken).message}`);
      return null;
    }
  }

  #aborted(): boolean {
    return this.#signal.aborted;
  }

  #succeeded(value: unknown): Outcome {
    const flagged = reportedFailure(value);
    const verdict: unknown = this.#options.failedWhen?.(value) ?? false;
    if (isPromiseLike(verdict)) {
      Promise.resolve(verdict).catch(() => undefined);
      throw new AgentUsageError("failedWhen returned a promise: it answers with a boolean or a text.");
    }
    // Nothing to tell of, as 0 errors or an empty text, is no failure.
    if (verdict) throw new ReportedFailureError(failureText(verdict, flagged), value);
    const { output, warnings } = normaliseOutput(value);
    this.#report.warn(...warnings);
    this.#trail.complete();
    return { status: "success", value, output, reportedFailure: flagged };
  }

  #failed(cause: unknown, error: ErrorInfo): Outcome {
    return { status: "failed", error, cause, aborted: this.#aborted() };
  }

  #record(error: unknown): ErrorInfo {
    const info = describeError(error);
    if (this.#aborted()) return info;
    this.#report.try("The error was not recorded", () => {
      const signature = this.#options.errors?.recordError(error, {
        agent: this.#agent.metadata.name,
        agentType: this.#agent.metadata.agentType,
        runId: this.#options.runId ?? null,
        attempt: this.#attempt,
      });
      if (typeof signature !== "string") return signature;
      info.signature = signature;
      this.#recorded = true;
      return undefined;
    });
    return info;
  }

  #rollBack(): void {
    this.#report.try("The agent's state was not rolled back", () => this.#before.undo());
    this.#report.warn(...this.#before.warnings);
    this.#trail.rollBack(this.#before);
  }
}

function* validate(schema: StandardSchema, task: unknown): Steps<unknown> {
  checkStandardSchema(schema, "The taskSchema is");
  const answer = (yield* settle(schema["~standard"].validate(task), "the task schema")) as Awaited<
    ReturnType<StandardSchema["~standard"]["validate"]>
  >;
  if (answer.issues === undefined) return answer.value;
  const issues = answer.issues.map(issueText);
  throw new TaskValidationError(`The task is not what the agent takes: ${issues.join("; ")}.`, issues);
}

/** What failedWhen says of the failure, else what the value itself says. */
function failureText(verdict: unknown, flagged: string | null): string {
  if (typeof verdict === "string" && verdict.trim() !== "") return verdict;
  if (typeof verdict === "object" && verdict !== null) {
    const message = fieldOf(verdict, "message");
    if (typeof message === "string" && message !== "") return message;
  }
  return flagged ?? "The agent returned a value that failedWhen counts as failure.";
}

function chunkText(chunk: unknown): string {
  if (typeof chunk === "string") return chunk;
  return JSON.stringify(normaliseOutput(chunk).output);
}
