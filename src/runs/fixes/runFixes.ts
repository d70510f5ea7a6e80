import { setTimeout } from "node:timers/promises";
import { isPipelineFile } from "../../model/pipeline.ts";
import type { ChosenFix, KnownFix, Patch, SolutionRef } from "../../model/fix.ts";
import type { HostEvent, Outcome, RunRequest } from "../../model/hostProtocol.ts";
import { UserError } from "../../model/userError.ts";
import type { FixApplied, FixUndone, RunError } from "../../model/runRecord.ts";
import { asRunError } from "../asRunError.ts";
import { readRun } from "../readRun.ts";
import type { Slots } from "../startRequest.ts";
import { codeHash, type FixBook } from "./knownFixes.ts";
import { withoutChanges } from "./changeable.ts";
import { plan, type Failing, type Plan, type Saved } from "./plan.ts";

/** Of one run. */
const mostFixes = 5;

/** When runs that fail are run again with a known solution. */
export interface FixOptions {
  /** Whether that happens by itself; asked at each failure. */
  isOn: () => boolean;
  /** Whether the user approved the very text that has this hash. */
  isApproved: (hash: string) => boolean | Promise<boolean>;
  /** Runs a text where it can reach nothing. Rejects with an error that says what went wrong. */
  runCode: (code: string, input: { task: unknown; context: unknown }, signal: AbortSignal) => Promise<Patch>;
  book: FixBook;
}

interface Parts {
  root: string;
  options: FixOptions;
  /** What a person chose for it. */
  chosen: ChosenFix | undefined;
  slots: Slots | undefined;
  /** Whether these end with the batch of the run: then fewer at a time stay fewer where that helped. */
  ofBatch: boolean;
  /** Aborts when the run ends from outside. */
  signal: AbortSignal;
  tell: (event: HostEvent) => void;
  warn: (sentence: string) => void;
}

interface Applied extends Plan {
  solution: SolutionRef;
  /** Of the error that it is for. */
  signature: string;
}

/** The known solutions that one run is given: which are applied, taken back and counted. */
export class RunFixes {
  readonly #parts: Parts;
  readonly #applied: Applied[] = [];
  /** Each is tried once. */
  readonly #tried = new Set<string>();
  readonly #saved: Saved[] = [];
  #count = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether it has a say in how the run goes on. */
  get isOn(): boolean {
    return this.#count > 0 || this.#parts.options.isOn();
  }

  /** Whether the run was ended from outside meanwhile. */
  #isStopped(): boolean {
    return this.#parts.signal.aborted;
  }

  hear(event: HostEvent): void {
    if (event.type === "checkpoint") this.#saved.push({ id: event.id, label: event.label });
  }

  /** The request as it is begun: with what a person chose. Rejects with a UserError where that cannot be applied. */
  async begin(request: RunRequest): Promise<RunRequest> {
    const { chosen } = this.#parts;
    if (chosen === undefined) return request;
    const { of, action, ...solution } = chosen;
    const saved = await savedBy(request.root, of.runId);
    const made = await this.#plan({ ...solution, action }, request, saved);
    if (typeof made === "string") {
      if (this.#isStopped()) return request;
      throw new UserError(`The solution "${solution.fix}" cannot be applied: ${made}.`);
    }
    const checkpointId = request.checkpoint ?? saved.findLast(({ label }) => label === "started")?.id ?? null;
    return this.#apply({ ...solution, action }, made, {
      ...{ signature: of.signature, by: "user", checkpointId, attempts: 0 },
    });
  }

  /**
   * What runs next after an execution; null where the run has ended.
   * @param attempts so far
   */
  async next(request: RunRequest, outcome: Outcome, attempts: number): Promise<RunRequest | null> {
    const { status, error } = outcome;
    if (status === "success") await this.#succeeded();
    // What was interrupted goes on with what was changed, when it is resumed.
    if (status === "interrupted") this.#release();
    if (status === "cancelled" || this.#isStopped()) this.#undoFrom(0, request, "stopped");
    if (status !== "failed" || error === undefined || this.#isStopped()) return null;
    const before = await this.#takeBack(request, error);
    const next = this.#mayFix(before, error) ? await this.#fix(before, error, attempts) : null;
    if (next === null) {
      const reason = this.#isStopped() ? "stopped" : "failed";
      this.#undoFrom(0, before, reason);
    }
    return next;
  }

  /** What did not help is taken back, and what was applied after it. */
  async #takeBack(request: RunRequest, { signature }: RunError): Promise<RunRequest> {
    const index = this.#applied.findIndex((each) => each.signature === signature);
    if (index === -1) return request;
    const { solution } = this.#applied[index] as Applied;
    const later = this.#undoFrom(index + 1, request, "earlier");
    const before = this.#undoFrom(index, later, "returned");
    await this.#report(solution, false);
    return before;
  }

  #mayFix({ tool, file }: RunRequest, { name, signature }: RunError): boolean {
    const own = tool === undefined && !isPipelineFile(file);
    return own && signature !== undefined && name !== "UserError" && this.#parts.options.isOn();
  }

  async #fix(request: RunRequest, error: RunError, attempts: number): Promise<RunRequest | null> {
    const { options, warn } = this.#parts;
    const { signature = "" } = error;
    if (this.#count >= mostFixes) return null;
    for (const known of await options.book.find(request.root, error)) {
      if (this.#isStopped()) return null;
      const { action } = known;
      if ((action === null && known.problem === null) || this.#tried.has(nameOf(known))) continue;
      this.#tried.add(nameOf(known));
      const refusal = refusalOf(known);
      if (action === null || refusal !== null) {
        warn(`The solution "${known.fix}" was not applied: ${refusal ?? "it has no action"}.`);
        continue;
      }
      const made = await this.#plan({ ...known, action }, request, this.#saved);
      if (typeof made !== "string") {
        const checkpointId = this.#startedId ?? request.checkpoint;
        const why = { signature, error, by: "auto" as const, checkpointId, attempts };
        const next = await this.#apply({ ...known, action }, made, why);
        return this.#isStopped() ? null : next;
      }
      warn(`The solution "${known.fix}" was not applied: ${made}.`);
    }
    return null;
  }

  /** The checkpoint that the last execution saved before it began. */
  get #startedId(): string | undefined {
    return this.#saved.findLast(({ label }) => label === "started")?.id;
  }

  async #plan(
    fix: SolutionRef & Pick<ChosenFix, "action">,
    request: RunRequest,
    saved: readonly Saved[],
  ): Promise<Plan | string> {
    const { options, signal, slots } = this.#parts;
    const runCode: Failing["runCode"] = async (solution, code, input) => {
      const hash = codeHash(solution, code);
      if (!(await options.isApproved(hash))) return `its code was not approved (SHA-256 ${hash})`;
      return options.runCode(code, input, signal);
    };
    try {
      return await plan(fix.action, { request, saved, slots, runCode }, fix);
    } catch (thrown) {
      return asRunError(thrown).message.replace(/\.$/, "");
    }
  }

  async #apply(
    { signature, fix, action }: SolutionRef & Pick<ChosenFix, "action">,
    made: Plan,
    why: Pick<FixApplied, "signature" | "error" | "by" | "checkpointId" | "attempts">,
  ): Promise<RunRequest> {
    const solution = { signature, fix };
    this.#tried.add(nameOf(solution));
    this.#count += 1;
    this.#applied.push({ ...made, solution, signature: why.signature });
    const delayMs = action.type === "retryLater" ? action.delayMs : 0;
    this.#parts.tell({ type: "fix", solution, action, changes: made.changes, delayMs, ...why });
    // Where it is stopped meanwhile, its turn does not come.
    await setTimeout(delayMs, undefined, { signal: this.#parts.signal }).catch(() => undefined);
    return made.request;
  }

  /** The last one first. */
  #undoFrom(index: number, request: RunRequest, reason: FixUndone["reason"]): RunRequest {
    let before = request;
    for (const { solution, changes, undo } of this.#applied.splice(index).reverse()) {
      undo();
      before = withoutChanges(before, changes);
      this.#parts.tell({ type: "fixUndone", solution, reason });
    }
    return before;
  }

  async #succeeded(): Promise<void> {
    if (!this.#parts.ofBatch) this.#release();
    for (const { solution } of this.#applied) await this.#report(solution, true);
  }

  /** Others are held up no longer. */
  #release(): void {
    for (const { undo } of this.#applied) undo();
  }

  /** What cannot be counted must not end the run. */
  async #report(solution: SolutionRef, passed: boolean): Promise<void> {
    const { options, root, warn } = this.#parts;
    await options.book
      .count(root, solution, passed)
      .catch((error: unknown) =>
        warn(`What became of the solution "${solution.fix}" was not counted: ${asRunError(error).message}`),
      );
  }
}

const nameOf = ({ signature, fix }: SolutionRef): string => `${signature} ${fix}`;

/** Why a solution is not applied by itself, or null. */
function refusalOf({ unconfirmed, disproved, problem }: KnownFix): string | null {
  if (problem !== null) return `its action cannot be used: ${problem}`;
  if (unconfirmed) return "nobody has confirmed it";
  return disproved ? "it failed more often than it helped" : null;
}

async function savedBy(root: string, runId: string): Promise<Saved[]> {
  const events = await readRun(root, runId).catch(() => []);
  return events.flatMap((event) =>
    event.type === "checkpoint" ? [{ id: event.id, label: event.label }] : [],
  );
}
