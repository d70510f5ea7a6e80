import { performance } from "node:perf_hooks";
import { AgentUsageError, describeError, type ErrorInfo } from "../core/errors.ts";
import type { ErrorContext, ErrorRecorder } from "../core/types.ts";
import { prepareProjIntel } from "../files/projIntel.ts";
import { emitWarning, StoreError, storeError } from "../storeError.ts";
import { byHand, explain, ofError, ofPattern, type Explained, why } from "./explain.ts";
import { Grouping } from "./grouping.ts";
import { groupsOf } from "./groups.ts";
import { PatternMatcher } from "./match.ts";
import { algorithm } from "./normalise.ts";
import { cleanFix, cleanProposal } from "./proposal.ts";
import type { JournalLine } from "./schema.ts";
import { type Signed, signatureOf } from "./signature.ts";
import { PatternsStore } from "./store.ts";
import { suggest } from "./suggest.ts";
import type { ErrorPattern, Explanation, FoundSolution, ProposedSolution, Why } from "./types.ts";

/** Settings of an {@link ErrorPatternLearner}. */
export interface LearnerOptions {
  /** Told what could not be read or written; by default a warning of the process. */
  onWarning?: ((message: string) => void) | undefined;
  /**
   * How many patterns are kept; default 1,000. Of those over it, patterns without a solution are dropped first, and of
   * these the old and rare ones: each 30 days without an occurrence halve what occurrences count for. What a person
   * edited and what another program wrote is never dropped.
   */
  maxPatterns?: number | undefined;
}

/** A fold may take this share of the time at most; what waits is in the journal, and counts all the same. */
const foldShare = 0.1;
/** Where more than this is waiting, folding later would take long, and much memory. */
const foldBytes = 2 * 2 ** 20;
const flushWaitMs = 500;
const signatureShape = /^[0-9a-f]{12}$/;

/**
 * Groups errors by signature and keeps what helped, in `<folder>/error_patterns.json`. Several processes may use one
 * folder: each appends to a journal of its own, and whoever holds the lock folds journals into the file. What a method
 * that records has returned is on disk: the death of the process does not lose it.
 */
export class ErrorPatternLearner implements ErrorRecorder {
  readonly #store: PatternsStore;
  readonly #matcher = new PatternMatcher();
  #nextFold = 0;

  /**
   * `folder` is, by convention, `.proj-intel`; it is made at the first record. Throws an {@link AgentUsageError} for a
   * `maxPatterns` that is no whole number of at least 1.
   */
  constructor(folder: string, options: LearnerOptions = {}) {
    const { onWarning = emitWarning, maxPatterns = 1000 } = options;
    if (!Number.isSafeInteger(maxPatterns) || maxPatterns < 1) {
      throw new AgentUsageError(
        `maxPatterns is a whole number of at least 1, and not ${String(maxPatterns)}.`,
      );
    }
    this.#store = new PatternsStore(folder, { warn: onWarning, maxPatterns });
  }

  /**
   * Counts an error, with the solution that helped where one is given; answers with its signature. Never throws: what
   * cannot be written is a warning. Messages and solutions are written without secrets of known shapes.
   */
  recordError(error: unknown, context: Partial<ErrorContext> = {}, solution?: ProposedSolution): string {
    const signed = signatureOf(error);
    const { agent, runId } = (context as Partial<ErrorContext> | null) ?? {};
    let clean: ReturnType<typeof cleanProposal> | null = null;
    try {
      clean = solution === undefined ? null : cleanProposal(solution);
    } catch (cause) {
      this.#store.warnOnce(describeError(cause).message);
    }
    this.#record({
      ...lineOf(signed),
      redacted: signed.redacted + (clean?.count ?? 0),
      agent: textOrNull(agent),
      runId: textOrNull(runId),
      solution: clean?.solution ?? null,
    });
    return signed.signature;
  }

  /**
   * Counts an error that another learner counted, in another folder, under the signature that it answered with: what was told of it
   * need not be all that made it, for example its causes. Never throws.
   */
  recordTold(error: ErrorInfo & { signature: string }, context: Partial<ErrorContext> = {}): void {
    const { agent, runId } = context;
    const { signature } = error;
    const line = lineOf(signatureOf(error));
    this.#record({
      ...line,
      ...(signatureShape.test(signature) && { signature }),
      agent: textOrNull(agent),
      runId: textOrNull(runId),
    });
  }

  /**
   * Counts what became of a solution: `succeeded` where the next attempt passed. Takes the error, or the signature of a
   * pattern; a `fix` that is not known yet becomes a solution of it. An outcome for an error goes to the pattern whose
   * solution {@link getSolution} answers with. Answers with the pattern's signature, or null where there is no pattern
   * of that signature. Throws an {@link AgentUsageError} for an empty `fix`; what cannot be written is a warning.
   */
  recordOutcome(error: unknown, fix: string, succeeded: boolean): string | null {
    const clean = cleanFix(fix);
    const patterns = this.#store.patterns();
    let pattern = patterns.find(({ error_signature }) => error_signature === error);
    let line: JournalLine;
    if (pattern === undefined) {
      if (typeof error === "string" && signatureShape.test(error)) return null;
      const signed = signatureOf(error);
      const found = this.#suggest(patterns, signed).find((solution) => solution.fix === clean.fix);
      pattern = patterns.find(({ error_signature }) => error_signature === found?.error_signature);
      line = lineOf(signed);
    } else {
      line = lineOf({ ...ofPattern(pattern), message: "", redacted: 0, parts: { pattern: pattern.pattern } });
    }
    const signature = pattern?.error_signature ?? line.signature;
    this.#record({
      ...line,
      signature,
      redacted: line.redacted + clean.count,
      outcome: { fix: clean.fix, succeeded },
    });
    return signature;
  }

  /** Folds what was recorded into `error_patterns.json` now, unless other processes keep the lock; never throws. */
  flush(): void {
    try {
      this.#fold(flushWaitMs);
    } catch (cause) {
      this.#store.warnOnce(sentenceOf(`${this.#store.file} cannot be written`, cause));
    }
  }

  /** The best known solution for an error with its evidence, or null: the first one of {@link suggestions}. */
  getSolution(error: unknown): FoundSolution | null {
    return this.suggestions(error, 1)[0] ?? null;
  }

  /**
   * The known solutions for an error, best first, `most` at most: those of its own group, then those of patterns that
   * match its message. Among these a lower confidence bound of the share of successes decides. Solutions that failed
   * more often than they helped come last. Patterns that a person muted offer nothing.
   */
  suggestions(error: unknown, most = 10): FoundSolution[] {
    return this.#suggest(this.#store.patterns(), signatureOf(error)).slice(0, most);
  }

  #suggest(patterns: readonly ErrorPattern[], signed: Signed): FoundSolution[] {
    return suggest(patterns, signed, { matcher: this.#matcher, now: new Date() });
  }

  /** Why an error has its signature. */
  why(error: unknown): Why {
    return why(signatureOf(error));
  }

  /** Why two errors are of one group or not. Takes errors, or signatures of known patterns. */
  explain(first: unknown, second: unknown): Explanation {
    const known = this.#store.patterns();
    const explained = (item: unknown): Explained => {
      const pattern = known.find(({ error_signature }) => error_signature === item);
      return pattern === undefined ? ofError(signatureOf(item)) : ofPattern(pattern);
    };
    return byHand(new Grouping(known), explain(explained(first), explained(second)));
  }

  /**
   * All patterns, those included that other processes have recorded but not folded yet. What a person merged into
   * another pattern counts to that one; its signature stands in `merged` there.
   */
  patterns(): ErrorPattern[] {
    return groupsOf(this.#store.patterns()).map(({ pattern }) => pattern);
  }

  #record(line: JournalLine): void {
    try {
      if (this.#nextFold === 0) prepareProjIntel(this.#store.folder);
      if (!this.#store.append(line)) {
        this.#fold(flushWaitMs);
        if (!this.#store.append(line)) {
          throw new Error(
            "the journals are full; mend error_patterns.json so that they can be folded into it",
          );
        }
      }
      if (performance.now() >= this.#nextFold || this.#store.appended > foldBytes) this.#fold(0);
    } catch (cause) {
      this.#store.warnOnce(sentenceOf(`Errors cannot be recorded in ${this.#store.folder}`, cause));
    }
  }

  #fold(waitMs: number): void {
    const started = performance.now();
    this.#store.fold(waitMs);
    const now = performance.now();
    this.#nextFold = now + (now - started) / foldShare;
  }
}

const sentenceOf = (what: string, cause: unknown): string =>
  cause instanceof StoreError ? `${what}: ${cause.message}` : storeError(what, cause).message;

/** Another value would make the line one that nobody reads. */
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A line that tells of nothing but the error. */
function lineOf(
  signed: Pick<Signed, "signature" | "type" | "normalised" | "frames" | "causes" | "message" | "redacted"> & {
    parts: { pattern: string };
  },
): JournalLine {
  return {
    signature: signed.signature,
    type: signed.type,
    pattern: signed.parts.pattern,
    normalised: signed.normalised,
    message: signed.message,
    frames: [...signed.frames],
    causes: [...signed.causes],
    algorithm,
    time: new Date().toISOString(),
    agent: null,
    runId: null,
    redacted: signed.redacted,
    solution: null,
    outcome: null,
  };
}
