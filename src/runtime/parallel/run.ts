import type { AgentEvent } from "../core/events.ts";
import type { Answerer } from "../core/question.ts";
import type { Result } from "../core/types.ts";

/** What came of a task. */
export interface Outcome {
  result: Result;
  /** The agent's name where it could tell. */
  agent?: string | undefined;
  /** When the agent was called and when it was done, on the clock of `now`; absent where it was not called. */
  begun?: number | undefined;
  ended?: number | undefined;
}

/** A task under way. */
export interface Run {
  /** Asks it to end; the first reason counts. */
  abort(reason: Error): void;
}

/** Who is told of a run. */
export interface RunListener {
  onEvent?: (event: AgentEvent) => void;
  /** Answers an agent that has no answerer of its own. */
  answerer?: Answerer | undefined;
  /** Called once: the result stands. */
  onOutcome(outcome: Outcome): void;
  /** Called once, not before the outcome: what it ran on is free for another task. */
  onFree(): void;
}
