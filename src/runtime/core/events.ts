import type { ErrorInfo } from "./errors.ts";
import type { AgentMetadata } from "./metadata.ts";
import type { Answer, Question } from "./question.ts";
import type { AgentState } from "./state.ts";
import type { Result } from "./types.ts";

/** What happens during an execution, as plain data. Durations are in milliseconds. */
export type AgentEvent =
  | { type: "checkpoint"; id: string; label: string | null }
  | { type: "retry"; attempt: number; of: number; delayMs: number; error: ErrorInfo }
  | { type: "progress"; message?: string; fraction?: number }
  | { type: "tool"; name: string; ok: boolean; durationMs: number; refused?: true; error?: string }
  | { type: "usage"; tokens: number; cost: number }
  | { type: "question"; question: Question }
  | { type: "answer"; question: Question; answer: Answer; replayed: boolean };

/** Told what an agent does; what it throws is a warning of the result, never a failure. */
export interface AgentObserver {
  /** Something happened during an execution. */
  onEvent?(event: AgentEvent, agent: AgentMetadata): void;
  /** An execution ended; the agent is in its next state already. */
  onResult?(result: Result, agent: AgentMetadata): void;
  /** The agent entered a state; `previous` may be the same one. */
  onState?(state: AgentState, previous: AgentState, agent: AgentMetadata): void;
}
