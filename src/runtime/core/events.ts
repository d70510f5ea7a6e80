import type { ErrorInfo } from "./errors.ts";
import type { AgentMetadata } from "./metadata.ts";
import type { Answer, Question } from "./question.ts";
import type { AgentState } from "./state.ts";
import type { Result } from "./types.ts";

/** A checkpoint was saved. */
export interface CheckpointEvent {
  /** Tells the events apart. */
  type: "checkpoint";
  /** Of the checkpoint. */
  id: string;
  /** Of the checkpoint, or null. */
  label: string | null;
}

/** An attempt failed, and there will be another. */
export interface RetryEvent {
  /** Tells the events apart. */
  type: "retry";
  /** The attempt that failed, from 1. */
  attempt: number;
  /** How many attempts there may be in total. */
  of: number;
  /** Until the next attempt, in milliseconds. */
  delayMs: number;
  /** Why the attempt failed. */
  error: ErrorInfo;
}

/** The agent says how far it is, or gave a chunk of its output. */
export interface ProgressEvent {
  /** Tells the events apart. */
  type: "progress";
  /** For a person to read. */
  message?: string;
  /** 0 to 1. */
  fraction?: number;
}

/** A call of a tool ended, or was refused. */
export interface ToolEvent {
  /** Tells the events apart. */
  type: "tool";
  /** Of the tool, as the agent gave it. */
  name: string;
  /** Whether it returned. */
  ok: boolean;
  /** In milliseconds; 0 where it was refused. */
  durationMs: number;
  /** The agent may not call it. */
  refused?: true;
  /** The message of what was thrown. */
  error?: string;
}

/** The agent reported what it consumed. */
export interface UsageEvent {
  /** Tells the events apart. */
  type: "usage";
  /** In addition to what was reported before. */
  tokens: number;
  /** In addition to what was reported before. */
  cost: number;
}

/** A person is asked. */
export interface QuestionEvent {
  /** Tells the events apart. */
  type: "question";
  /** What is asked. */
  question: Question;
}

/** A question has its answer. */
export interface AnswerEvent {
  /** Tells the events apart. */
  type: "answer";
  /** What was asked. */
  question: Question;
  /** What was answered. */
  answer: Answer;
  /** It was answered before, in an earlier attempt or the execution that is resumed: nobody was asked. */
  replayed: boolean;
}

/** What happens during an execution, as plain data. */
export type AgentEvent =
  CheckpointEvent | RetryEvent | ProgressEvent | ToolEvent | UsageEvent | QuestionEvent | AnswerEvent;

/** Told what an agent does; what it throws is a warning of the result, never a failure. */
export interface AgentObserver {
  /** Something happened during an execution. */
  onEvent?(event: AgentEvent, agent: AgentMetadata): void;
  /** An execution ended; the agent is in its next state already, but the next task cannot be started from here. */
  onResult?(result: Result, agent: AgentMetadata): void;
  /** The agent entered a state; `previous` may be the same one. */
  onState?(state: AgentState, previous: AgentState, agent: AgentMetadata): void;
}
