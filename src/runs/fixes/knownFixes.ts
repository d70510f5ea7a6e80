import { createHash } from "node:crypto";
import { join } from "node:path";
import { actionOf, type KnownFix, type SolutionRef } from "../../model/fix.ts";
import type { RunError } from "../../model/runRecord.ts";
import { ErrorPatternLearner, type FoundSolution } from "../../runtime/index.ts";
import { PatternMatcher } from "../../runtime/patterns/match.ts";
import { signatureOf } from "../../runtime/patterns/signature.ts";
import { PatternsStore } from "../../runtime/patterns/store.ts";
import { isDisproved } from "../../runtime/patterns/solutions.ts";
import { suggest } from "../../runtime/patterns/suggest.ts";

const mostFixes = 20;

/** What is known to help against errors, and what became of it. */
export interface FixBook {
  /** Best first. */
  find(root: string, error: RunError): Promise<KnownFix[]>;
  /** Counts what became of a solution. */
  count(root: string, solution: SolutionRef, passed: boolean): Promise<void>;
}

/** Reads and writes in this process. */
export const fixBook: FixBook = {
  find: (root, error) => Promise.resolve().then(() => knownFixes(root, error)),
  count: (root, solution, passed) => Promise.resolve().then(() => countOutcome(root, solution, passed)),
};

/** The known solutions of an error of a run, best first; none where they cannot be read. */
export function knownFixes(root: string, error: RunError): KnownFix[] {
  const signed = signatureOf(error);
  // The thread that saw the error itself knows better than what is left of it here.
  const wanted = { ...signed, signature: error.signature ?? signed.signature };
  const store = new PatternsStore(join(root, ".proj-intel"), { warn: () => undefined });
  const found = suggest(store.patterns(), wanted, { matcher: new PatternMatcher(), now: new Date() });
  return found.slice(0, mostFixes).map(knownFix);
}

function knownFix(solution: FoundSolution): KnownFix {
  const { error_signature: signature, fix, action: given, unconfirmed, evidence } = solution;
  const read = given === undefined ? null : actionOf(given);
  return {
    ...{ signature, fix },
    action: read !== null && "action" in read ? read.action : null,
    problem: read !== null && "problem" in read ? read.problem : null,
    unconfirmed: unconfirmed === true,
    disproved: isDisproved(solution),
    successes: evidence.successes,
    failures: evidence.failures,
  };
}

function countOutcome(root: string, { signature, fix }: SolutionRef, passed: boolean): void {
  const learner = learnerIn(root);
  learner.recordOutcome(signature, fix, passed);
  learner.flush();
}

/** Names one text of one solution: another text needs another consent. */
export function codeHash({ signature }: SolutionRef, code: string): string {
  return createHash("sha256")
    .update(JSON.stringify([signature, code]))
    .digest("hex");
}

const learnerIn = (root: string): ErrorPatternLearner =>
  new ErrorPatternLearner(join(root, ".proj-intel"), { onWarning: () => undefined });
