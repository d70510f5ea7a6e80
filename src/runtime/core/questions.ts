import { type AbortSignalLike, type LinkedAbort, linkAbort, type NativeAbortSignal } from "./abort.ts";
import { checkedAnswer, checkedQuestion, fits, sameQuestion } from "./answering.ts";
import { isPromiseLike } from "./collect.ts";
import { AgentUsageError, ExecutionAbortedError } from "./errors.ts";
import type { AgentMetadata } from "./metadata.ts";
import type { Answer, Answerer, Question, RecordedAnswer } from "./question.ts";
import { REDACTED } from "./redacted.ts";
import type { Report } from "./report.ts";
import { unlessAborted } from "./steps.ts";

/** What asking needs of an execution. */
export interface QuestionsOptions {
  agent: AgentMetadata;
  answerer: Answerer | undefined;
  signal: AbortSignalLike;
  runId: string | null;
  /** Nobody waits for promises. */
  sync: boolean;
  /** The answers of the execution that is resumed. */
  recorded: readonly RecordedAnswer[];
  report: Report;
  /** Called when there is one answer more to keep. */
  onAnswered: () => void;
}

/** One attempt's way to ask. */
export interface Asking {
  ask(question: Question): Promise<Answer>;
  askSync(question: Question): Answer;
}

/** The questions of one execution and their answers, which later attempts and executions get without a person. */
export class Questions {
  readonly #options: QuestionsOptions;
  /** Every answer so far, in the order of the questions. */
  #answers: RecordedAnswer[];
  /** How many of them this attempt has behind it. */
  #position = 0;
  #attempt: Attempt | null = null;

  constructor(options: QuestionsOptions) {
    this.#options = options;
    this.#answers = [...options.recorded];
  }

  /** What a checkpoint keeps. */
  get answers(): RecordedAnswer[] {
    return this.#answers.map((recorded) =>
      isSecret(recorded.question) ? { ...recorded, answer: REDACTED } : recorded,
    );
  }

  /** Begins with the first recorded answer again; the attempt before can ask no more. */
  nextAttempt(): Asking {
    this.end();
    const attempt = new Attempt();
    this.#attempt = attempt;
    this.#position = 0;
    return {
      ask: (question) => {
        const answer = this.#ask(question, attempt);
        // An agent that does not wait for it must not end the process.
        answer.catch(() => undefined);
        return answer;
      },
      askSync: (question) => this.#askSync(question, attempt),
    };
  }

  /** Nobody waits for answers any more. */
  end(): void {
    this.#attempt?.end();
    this.#attempt = null;
  }

  async #ask(given: Question, attempt: Attempt): Promise<Answer> {
    const question = checkedQuestion(given);
    this.#checkOpen(attempt);
    if (this.#options.sync) {
      throw new AgentUsageError("ctx.ask needs executeAsync(): within execute(), use ctx.askSync().");
    }
    return attempt.inTurn(async () => {
      this.#checkOpen(attempt);
      const replayed = this.#replay(question);
      if (replayed !== null) return replayed;
      const signal = attempt.signal(this.#options.signal);
      const answer = await unlessAborted(Promise.resolve(this.#put(question, signal)), { signal });
      this.#checkOpen(attempt);
      return this.#record(question, answer);
    });
  }

  #askSync(given: Question, attempt: Attempt): Answer {
    const question = checkedQuestion(given);
    this.#checkOpen(attempt);
    if (attempt.waiting > 0) {
      throw new AgentUsageError(
        "Another question waits for its answer: await ctx.ask() before ctx.askSync().",
      );
    }
    const replayed = this.#replay(question);
    if (replayed !== null) return replayed;
    const waiting = linkAbort(attempt.signal(this.#options.signal));
    const answer = this.#put(question, waiting.signal);
    if (!isPromiseLike(answer)) return this.#record(question, answer);
    Promise.resolve(answer).catch(() => undefined);
    const refusal = new AgentUsageError(
      "The answerer returned a promise, and ctx.askSync() cannot wait: use ctx.ask() in the agent, and executeAsync().",
    );
    waiting.abort(refusal);
    throw refusal;
  }

  #checkOpen(attempt: Attempt): void {
    if (this.#attempt === attempt) return;
    throw new ExecutionAbortedError("The attempt that asked has ended: nobody answers any more.");
  }

  /** Shows a question to the answerer. */
  #put(question: Question, signal: NativeAbortSignal): unknown {
    const { answerer, agent, runId, report } = this.#options;
    if (answerer === undefined) {
      throw new AgentUsageError(
        `Agent "${agent.name}" asks ${JSON.stringify(question.message)}, and nobody answers: set the option "answerer".`,
      );
    }
    report.emit({ type: "question", question });
    return answerer(question, { signal, agent, runId });
  }

  /** The recorded answer to the question, or null where a person must give it. */
  #replay(question: Question): Answer | null {
    const rest = this.#answers.slice(this.#position);
    // What the agent's restored state lets it skip is no longer asked.
    const skipped = rest.findIndex((recorded) => sameQuestion(recorded.question, question));
    const found = rest[skipped];
    if (found === undefined) {
      if (rest.length > 0 && !isSecret(question)) this.#endReplay(question, rest.length);
      return null;
    }
    this.#position += skipped;
    if (found.answer === REDACTED || !fits(question, found.answer)) return null;
    this.#position += 1;
    this.#tell(question, found.answer, true);
    return found.answer;
  }

  #endReplay(question: Question, left: number): void {
    this.#answers = this.#answers.slice(0, this.#position);
    this.#options.report.warn(
      `The agent asked something else than before, ${JSON.stringify(question.message)}: ` +
        `${left} recorded ${left === 1 ? "answer was" : "answers were"} dropped.`,
    );
  }

  #record(question: Question, given: unknown): Answer {
    const answer = checkedAnswer(question, given);
    const before = this.#answers[this.#position];
    const replaces = before !== undefined && sameQuestion(before.question, question);
    this.#answers.splice(this.#position, replaces ? 1 : 0, { question, answer });
    this.#position += 1;
    this.#tell(question, answer, false);
    this.#options.onAnswered();
    return answer;
  }

  #tell(question: Question, answer: Answer, replayed: boolean): void {
    const told = isSecret(question) ? REDACTED : answer;
    this.#options.report.emit({ type: "answer", question, answer: told, replayed });
  }
}

/** The questions of one attempt: one after the other, each until the attempt ends. */
class Attempt {
  #last: Promise<unknown> = Promise.resolve();
  #stop: LinkedAbort | null = null;
  /** How many questions have no answer yet. */
  waiting = 0;

  /** Aborts when the attempt ends. */
  signal(execution: AbortSignalLike): NativeAbortSignal {
    this.#stop ??= linkAbort(execution);
    return this.#stop.signal;
  }

  inTurn<T>(ask: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const answer = this.#last.then(ask).finally(() => (this.waiting -= 1));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  end(): void {
    this.#stop?.abort(new ExecutionAbortedError("The attempt that asked has ended."));
  }
}

const isSecret = (question: Question): boolean => question.kind === "text" && question.secret === true;
