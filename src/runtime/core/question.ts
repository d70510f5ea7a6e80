import type { NativeAbortSignal } from "./abort.ts";
import type { AgentMetadata } from "./metadata.ts";

/** Asks for a yes or a no; the answer is a boolean. */
export interface ApproveQuestion {
  /** Tells the questions apart. */
  readonly kind: "approve";
  /** What is asked, for a person to read; not empty. */
  readonly message: string;
}

/** Asks for one of several options; the answer is one of them. */
export interface ChooseQuestion {
  /** Tells the questions apart. */
  readonly kind: "choose";
  /** What is asked, for a person to read; not empty. */
  readonly message: string;
  /** At least one; each different from the others. */
  readonly options: readonly string[];
}

/** Asks for a text; the answer is a string, possibly empty. */
export interface TextQuestion {
  /** Tells the questions apart. */
  readonly kind: "text";
  /** What is asked, for a person to read; not empty. */
  readonly message: string;
  /** What stands there to begin with, and the answer where the answerer gives `undefined`. */
  readonly default?: string | undefined;
  /** The answer is neither kept in checkpoints nor told to listeners; on resume it is asked for anew. */
  readonly secret?: boolean | undefined;
}

/** What an agent can ask a person. */
export type Question = ApproveQuestion | ChooseQuestion | TextQuestion;

/** What a person can answer. */
export type Answer = boolean | string;

/** The type of the answer to a question: boolean for "approve", string for the others. */
export type AnswerTo<Q extends Question> = Q extends ApproveQuestion ? boolean : string;

/** A question and its answer, as checkpoints keep them. */
export interface RecordedAnswer {
  /** What was asked. */
  readonly question: Question;
  /** A boolean for "approve", one of the options for "choose", a text for "text". */
  readonly answer: Answer;
}

/** Who asks, for an {@link Answerer}. */
export interface Asker {
  /** Aborts when the answer is no longer waited for. */
  readonly signal: NativeAbortSignal;
  /** The agent that asks. */
  readonly agent: AgentMetadata;
  /** The run it belongs to, or null. */
  readonly runId: string | null;
}

/**
 * Gives the answers to an agent's questions, for example by showing them to a person. Where it returns a promise, the
 * agent needs `executeAsync` and `ctx.ask`. What it throws is thrown to the agent's code.
 */
export type Answerer = (
  question: Question,
  asker: Asker,
) => Answer | undefined | PromiseLike<Answer | undefined>;
