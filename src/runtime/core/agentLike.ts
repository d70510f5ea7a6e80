import type { ErrorInfo } from "./errors.ts";
import type { AgentObserver } from "./events.ts";
import type { AgentMetadata } from "./metadata.ts";
import type { AgentState } from "./state.ts";
import type { ExecuteOptions, Result } from "./types.ts";

/**
 * An agent as those who use it see it. Every {@link BaseAgent} is one, also one of another copy of this library or with
 * a task or a state of its own; what only looks like one is refused when the program runs, see {@link isAgent}.
 */
export interface AgentLike {
  /** Who the agent is. */
  readonly metadata: AgentMetadata;
  /** One of the values of {@link AgentState}. */
  readonly state: AgentState;
  /** Why the agent last entered state "error", or null. */
  readonly lastError: ErrorInfo | null;
  /** Whether its own options have an answerer; absent where an older copy does not tell. */
  readonly hasAnswerer?: boolean | undefined;
  /** As {@link BaseAgent.initialize}. */
  initialize(): boolean;
  /** As {@link BaseAgent.initializeAsync}. */
  initializeAsync(): Promise<boolean>;
  /** As {@link BaseAgent.execute}. */
  execute(task: unknown, options?: ExecuteOptions): Result;
  /** As {@link BaseAgent.executeAsync}. */
  executeAsync(task: unknown, options?: ExecuteOptions): Promise<Result>;
  /** As {@link BaseAgent.shutdown}. */
  shutdown(): boolean;
  /** As {@link BaseAgent.shutdownAsync}. */
  shutdownAsync(): Promise<boolean>;
  /** As {@link BaseAgent.observe}. */
  observe(observer: AgentObserver): () => void;
}
