import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import type { ErrorContext, ErrorRecorder } from "../core/types.ts";
import { writeAtomic } from "../files/atomicFile.ts";
import { withLock } from "../files/lock.ts";
import { readText } from "../files/readText.ts";
import { prepareProjIntel } from "../files/projIntel.ts";
import { emitWarning, storeError, type Warn } from "../storeError.ts";
import { foldLines, toText } from "./fold.ts";
import { Journals } from "./journals.ts";
import { PatternMatcher } from "./match.ts";
import { algorithm } from "./normalise.ts";
import { ErrorPatterns, patternsVersion } from "./schema.ts";
import { signatureOf } from "./signature.ts";
import type { ErrorPattern, FoundSolution, Solution } from "./types.ts";

/** Settings of an {@link ErrorPatternLearner}. */
export interface LearnerOptions {
  /** Told what could not be read or written; by default a warning of the process. */
  onWarning?: ((message: string) => void) | undefined;
}

interface PatternsFile {
  /** Null where there is none. */
  text: string | null;
  content: ErrorPatterns;
}

/** A fold may take this share of the time at most; what waits is in the journal, and counts all the same. */
const foldShare = 0.1;
const flushWaitMs = 500;
const mostMebibytes = 32;

/**
 * Groups errors by signature and keeps what helped, in `<folder>/error_patterns.json`. Several processes may use one
 * folder: each appends to a journal of its own, and whoever holds the lock folds journals into the file.
 */
export class ErrorPatternLearner implements ErrorRecorder {
  readonly #folder: string;
  readonly #file: string;
  readonly #warn: Warn;
  readonly #journals: Journals;
  readonly #matcher = new PatternMatcher();
  #warned = "";
  #nextFold = 0;

  /** `folder` is, by convention, `.proj-intel`; it is made at the first record. */
  constructor(folder: string, options: LearnerOptions = {}) {
    this.#folder = resolve(folder);
    this.#file = join(this.#folder, "error_patterns.json");
    this.#warn = options.onWarning ?? emitWarning;
    this.#journals = new Journals(join(this.#folder, "error_patterns.journal"));
  }

  /**
   * Counts an error, with the solution that helped where one is given; answers with its signature. Never throws: what
   * cannot be written is a warning.
   */
  recordError(
    error: unknown,
    context: Partial<ErrorContext> = {},
    solution?: Partial<Solution> & { fix: string },
  ): string {
    const { type, ...signed } = signatureOf(error);
    try {
      if (this.#nextFold === 0) prepareProjIntel(this.#folder);
      this.#journals.append({
        ...signed,
        type,
        algorithm,
        time: new Date().toISOString(),
        agent: context.agent ?? null,
        runId: context.runId ?? null,
        solution: solution === undefined ? null : { success_rate: 1, ...solution },
      });
      if (performance.now() >= this.#nextFold) this.#fold(0);
    } catch (cause) {
      this.#warnOnce(
        storeError(`The error pattern ${signed.signature} cannot be written to ${this.#folder}`, cause)
          .message,
      );
    }
    return signed.signature;
  }

  /** Folds what was recorded into `error_patterns.json` now, unless other processes keep the lock; never throws. */
  flush(): void {
    try {
      this.#fold(flushWaitMs);
    } catch (cause) {
      this.#warnOnce(storeError(`${this.#file} cannot be written`, cause).message);
    }
  }

  /** The best known solution for an error: of its own group, else of a pattern that matches its message. */
  getSolution(error: unknown): FoundSolution | null {
    const { signature, type, message } = signatureOf(error);
    const known = this.patterns().filter(({ solutions }) => solutions.length > 0);
    const own = known.filter((pattern) => pattern.error_signature === signature);
    const sameType = known.filter((pattern) => pattern.error_type === type);
    const candidates = own.length > 0 ? own : [...sameType, ...known.filter((p) => p.error_type !== type)];
    const match = this.#matcher.first(
      candidates.map(({ pattern }) => pattern),
      message,
    );
    const pattern = match === null ? own[0] : candidates[match.index];
    const [best] = pattern?.solutions.toSorted((a, b) => b.success_rate - a.success_rate) ?? [];
    if (pattern === undefined || best === undefined) return null;
    return { ...best, error_signature: pattern.error_signature, groups: match?.groups ?? [] };
  }

  /** All patterns, those included that other processes have recorded but not folded yet. */
  patterns(): ErrorPattern[] {
    const file = this.#read();
    if (file === null) return foldLines([], this.#journals.unfolded(null).lines);
    return foldLines(file.content.patterns, this.#journals.unfolded(file.text).lines);
  }

  #fold(waitMs: number): void {
    if (!existsSync(this.#folder)) return;
    const started = performance.now();
    withLock(join(this.#folder, "error_patterns.lock"), waitMs, () => {
      const file = this.#read();
      if (file === null) return;
      const unfolded = this.#journals.unfolded(file.text);
      if (unfolded.lines.length === 0) return;
      const text = toText(file.content, foldLines(file.content.patterns, unfolded.lines), new Date());
      if (Buffer.byteLength(text) > mostMebibytes * 2 ** 20) {
        this.#leaveAlone(`with the new errors it would be larger than ${mostMebibytes} MiB`);
        return;
      }
      this.#journals.prepareFold(file.text, unfolded);
      writeAtomic(this.#file, text);
      this.#journals.removeFinished(unfolded);
    });
    const now = performance.now();
    this.#nextFold = now + (now - started) / foldShare;
  }

  /** The file, or null where it is damaged or newer: then it is left alone, and journals wait. */
  #read(): PatternsFile | null {
    let text: string;
    try {
      text = readText(this.#file, mostMebibytes);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === "ENOENT") return { text: null, content: { version: patternsVersion, patterns: [] } };
      return this.#leaveAlone(code === undefined ? message : `it cannot be read (${message})`);
    }
    let json: unknown;
    try {
      json = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch {
      return this.#leaveAlone("it is not complete JSON");
    }
    const { version } = Object(json) as { version?: unknown };
    if (typeof version === "string" && Number.parseInt(version, 10) > Number.parseInt(patternsVersion, 10)) {
      return this.#leaveAlone(
        `it has version ${version}, newer than this version of opsvi-agents reads; update it`,
      );
    }
    const parsed = ErrorPatterns.safeParse(json);
    if (parsed.success) return { text, content: parsed.data };
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    return this.#leaveAlone(`it does not hold error patterns${where === "" ? "" : ` (see ${where})`}`);
  }

  #leaveAlone(why: string): null {
    this.#warnOnce(
      `${this.#file} is left alone: ${why}. New errors wait in error_patterns.journal until it is mended.`,
    );
    return null;
  }

  #warnOnce(message: string): void {
    if (message === this.#warned) return;
    this.#warned = message;
    this.#warn(message);
  }
}
