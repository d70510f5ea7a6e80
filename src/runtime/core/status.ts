import { describeError, type ErrorInfo } from "./errors.ts";
import type { Observers } from "./observers.ts";
import { AgentState, checkTransition } from "./state.ts";
import type { Result } from "./types.ts";

/** The state of one agent, and who is told of it. */
export class AgentStatus {
  readonly #agent: string;
  readonly #observers: Observers;
  #state: AgentState = AgentState.CREATED;
  #lastError: ErrorInfo | null = null;

  constructor(agent: string, observers: Observers) {
    this.#agent = agent;
    this.#observers = observers;
  }

  get state(): AgentState {
    return this.#state;
  }

  /** Why the agent last entered state "error"; forgotten when an execution succeeds. */
  get lastError(): ErrorInfo | null {
    return this.#lastError;
  }

  /** Enters a state; throws where the table of transitions does not hold it. */
  enter(to: AgentState, warnings: string[]): void {
    const from = this.#state;
    checkTransition(this.#agent, from, to);
    this.#state = to;
    this.#observers.state(to, from, (error) => warnings.push(brokenObserver(error)));
  }

  /** Enters state "error". */
  fail(error: ErrorInfo, warnings: string[]): void {
    this.#lastError = error;
    this.enter(AgentState.ERROR, warnings);
  }

  /** Something failed after the result was out: only the agent itself can still tell. */
  note(error: ErrorInfo): void {
    this.#lastError = error;
  }

  /** Enters the state that the result of an execution leads to. */
  conclude(result: Result): void {
    if (result.status === "failed") {
      this.fail(result.error, result.warnings);
    } else {
      this.#lastError = null;
      this.enter(AgentState.READY, result.warnings);
    }
  }
}

/** An observer that throws is a warning, never a failure. */
export const brokenObserver = (error: unknown): string =>
  `An observer failed: ${describeError(error).message}`;
