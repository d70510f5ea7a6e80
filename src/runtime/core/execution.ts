import { type AbortSignalLike, neverAborted, throwIfAborted } from "./abort.ts";
import type { CheckpointStore } from "./checkpointStore.ts";
import type { Clock } from "./clock.ts";
import {
  AgentUsageError,
  describeError,
  type ErrorInfo,
  ReportedFailureError,
  TaskValidationError,
} from "./errors.ts";
import type { AgentEvent } from "./events.ts";
import { normaliseOutput, reportedFailure } from "./output.ts";
import { type RetryPlan, retryPlan } from "./retry.ts";
import { issueText, type StandardSchema } from "./standardSchema.ts";
import { AgentState } from "./state.ts";
import { settle, sleep, type Steps } from "./steps.ts";
import type { ExecuteOptions, ExecutionContext, FailedResult, Result, SuccessResult } from "./types.ts";
import { UsageTotals } from "./usage.ts";

/** An agent's state at one moment. */
export interface Moment {
  /** What a checkpoint keeps. */
  context: unknown;
  /** Returns the agent to this moment; may be called more than once. */
  undo(): void;
  /** Why rolling back will be incomplete; empty where it will not. */
  warnings: string[];
}

/** What an execution needs of its agent. */
export interface Executable {
  readonly name: string;
  readonly agentType: string;
  moment(): Moment;
  call(task: unknown, context: ExecutionContext): unknown;
}

type Summary = "warnings" | "checkpointId" | "attempts" | "durationMs" | "usage";
type Outcome = Omit<SuccessResult, Summary> | Omit<FailedResult, Summary>;

/** One execution of one task: its checkpoints, attempts and rollback, for `execute` and `executeAsync` alike. */
export class Execution {
  readonly #agent: Executable;
  readonly #options: ExecuteOptions;
  readonly #clock: Clock;
  readonly #signal: AbortSignalLike;
  readonly #started: number;
  readonly #warnings: string[];
  #checkpointId: string | null = null;
  #newestCheckpointId: string | null = null;
  #attempt = 0;
  #task: unknown;
  #recorded = false;
  readonly #usage = new UsageTotals();

  constructor(agent: Executable, task: unknown, options: ExecuteOptions, clock: Clock, warnings: string[]) {
    this.#agent = agent;
    this.#task = task;
    this.#options = options;
    this.#clock = clock;
    this.#signal = options.signal ?? neverAborted;
    this.#started = clock.now();
    this.#warnings = warnings;
  }

  /** The last checkpoint that was made, or null. */
  get newestCheckpointId(): string | null {
    return this.#newestCheckpointId;
  }

  /**
   * Never throws: every failure is a result. `before` is the state that a failure returns to, `parentId` the checkpoint
   * that this execution follows.
   */
  *steps(before: Moment, parentId: string | null): Steps<Result> {
    this.#newestCheckpointId = parentId;
    const result = yield* this.#attempts(before);
    if (this.#recorded) this.#try("The recorded errors were not kept", () => this.#options.errors?.flush?.());
    return { ...result, ...this.#summary() };
  }

  *#attempts(before: Moment): Steps<Outcome> {
    const plan = retryPlan(this.#options.retry);
    try {
      throwIfAborted(this.#signal);
      this.#checkpointId = this.#save("started", AgentState.BUSY, before.context);
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
          `agent "${this.#agent.name}"`,
          (chunk) => this.#emit({ type: "progress", message: chunkText(chunk) }),
        );
        return this.#succeeded(value);
      } catch (error) {
        const info = this.#record(error);
        this.#rollBack(before);
        const delayMs = this.#delayMs(plan, error);
        if (delayMs === null) return this.#failed(error, info);
        this.#emit({ type: "retry", attempt: this.#attempt, of: plan.attempts, delayMs, error: info });
        try {
          yield* sleep(delayMs);
        } catch (interrupted) {
          // An abort ends the waiting; an environment that cannot wait leaves the error of the attempt.
          if (this.#aborted()) return this.#failed(interrupted, describeError(interrupted));
          this.#warnings.push(describeError(interrupted).message);
          return this.#failed(error, info);
        }
      }
    }
  }

  /** How long to wait before the next attempt; null where there is none. */
  #delayMs(plan: RetryPlan, error: unknown): number | null {
    try {
      if (this.#attempt >= plan.attempts || this.#aborted() || !plan.retryable(error)) return null;
      return plan.delayMs(this.#attempt, () => this.#clock.random());
    } catch (broken) {
      this.#warnings.push(`The retry policy failed: ${describeError(broken).message}`);
      return null;
    }
  }

  #aborted(): boolean {
    return this.#signal.aborted;
  }

  #context(): ExecutionContext {
    return {
      signal: this.#signal,
      attempt: this.#attempt,
      runId: this.#options.runId ?? null,
      checkpoint: (label) => this.#save(label ?? null, AgentState.BUSY),
      progress: (message, fraction) =>
        this.#emit({
          type: "progress",
          ...(message === undefined ? {} : { message }),
          ...(fraction === undefined ? {} : { fraction: Math.min(1, Math.max(0, fraction)) }),
        }),
      ask: () => Promise.reject(new AgentUsageError("Asking is not there yet.")),
      askSync: () => {
        throw new AgentUsageError("Asking is not there yet.");
      },
      usage: (consumed) => this.#emit({ type: "usage", ...this.#usage.add(consumed) }),
    };
  }

  #succeeded(value: unknown): Outcome {
    const flagged = reportedFailure(value);
    const verdict = this.#options.failedWhen?.(value) ?? false;
    if (verdict !== false) {
      throw new ReportedFailureError(
        typeof verdict === "string"
          ? verdict
          : (flagged ?? "The agent returned a value that failedWhen counts as failure."),
        value,
      );
    }
    const { output, warnings } = normaliseOutput(value);
    this.#warnings.push(...warnings);
    this.#try("The completed execution has no checkpoint", () => this.#save("completed", AgentState.READY));
    return { status: "success", value, output, reportedFailure: flagged };
  }

  #failed(cause: unknown, error: ErrorInfo): Outcome {
    return { status: "failed", error, cause, aborted: this.#signal.aborted };
  }

  #summary() {
    return {
      warnings: [...new Set(this.#warnings)],
      checkpointId: this.#checkpointId,
      attempts: this.#attempt,
      durationMs: Math.max(0, this.#clock.now() - this.#started),
      usage: this.#usage.totals,
    };
  }

  #record(error: unknown): ErrorInfo {
    const info = describeError(error);
    if (this.#signal.aborted) return info;
    this.#try("The error was not recorded", () => {
      const signature = this.#options.errors?.recordError(error, {
        agent: this.#agent.name,
        agentType: this.#agent.agentType,
        runId: this.#options.runId ?? null,
        attempt: this.#attempt,
      });
      if (signature === undefined) return;
      info.signature = signature;
      this.#recorded = true;
    });
    return info;
  }

  #rollBack(before: Moment): void {
    this.#warnings.push(...before.warnings);
    this.#try("The agent's state was not rolled back", () => before.undo());
    if (this.#checkpointId === null) return;
    this.#newestCheckpointId = this.#checkpointId;
    this.#try("The rollback has no checkpoint", () =>
      this.#save("rollback", AgentState.ERROR, before.context),
    );
  }

  #save(label: string | null, state: AgentState, context?: unknown): string | null {
    const store: CheckpointStore | undefined = this.#options.checkpoints;
    if (store === undefined) return null;
    const { id, lost } = store.save({
      agent: this.#agent.name,
      agentType: this.#agent.agentType,
      label,
      state,
      context: context === undefined ? this.#agent.moment().context : context,
      task: this.#task,
      parentId: this.#newestCheckpointId,
      runId: this.#options.runId ?? null,
    });
    this.#newestCheckpointId = id;
    if (lost.length > 0)
      this.#warnings.push(`The checkpoints of this execution do not keep ${lost.join(", ")}.`);
    this.#emit({ type: "checkpoint", id, label });
    return id;
  }

  #emit(event: AgentEvent): void {
    this.#try("A listener failed", () => this.#options.onEvent?.(event));
  }

  /** What is beside the point of an execution must not end it. */
  #try(otherwise: string, action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.#warnings.push(`${otherwise}: ${describeError(error).message}`);
    }
  }
}

function* validate(schema: StandardSchema, task: unknown): Steps<unknown> {
  const answer = (yield* settle(schema["~standard"].validate(task), "the task schema")) as Awaited<
    ReturnType<StandardSchema["~standard"]["validate"]>
  >;
  if (answer.issues === undefined) return answer.value;
  const issues = answer.issues.map(issueText);
  throw new TaskValidationError(`The task is not what the agent takes: ${issues.join("; ")}.`, issues);
}

function chunkText(chunk: unknown): string {
  if (typeof chunk === "string") return chunk;
  return JSON.stringify(normaliseOutput(chunk).output);
}
