import type { HostEvent, Outcome } from "../../model/hostProtocol.ts";
import { LimitedLog } from "../../runs/limitedLog.ts";
import { UNCLAIMED, type SharedLogs } from "../sharedLogs.ts";
import { toldText } from "./toldText.ts";

/** What comes within it goes together. */
const GATHER_MS = 25;

/** Writes what a run tells into its log, in order, as long as the claim holds. */
export class EventWriter {
  readonly #logs: SharedLogs;
  readonly #log: string;
  #claim: number;
  readonly #lost: () => void;
  readonly #limited: LimitedLog;
  #lines: Promise<string>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isLost = false;
  #fault: unknown = null;

  /**
   * @param logMb of what the agent writes so much is kept
   * @param lost called once where another worker has the run, it has ended, or nothing can be written any more
   */
  constructor(logs: SharedLogs, log: string, claim: number, logMb: number, lost: () => void) {
    this.#logs = logs;
    this.#log = log;
    this.#claim = claim;
    this.#limited = new LimitedLog(logMb);
    this.#lost = lost;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** @param ready what has to be there before the event is told; where that fails, it is told all the same */
  tell(event: HostEvent, ready?: Promise<unknown>): void {
    const kept = event.type === "log" ? this.#limited.kept(event) : [event];
    for (const each of kept) this.#add(toldText({ event: each }), ready);
  }

  /**
   * Tells how it ended; resolves once that is told, or another one has the run. Rejects where something could not be told.
   * @param memory what this machine has of memory then, see `MemoryExchange`
   */
  async end(outcome: Outcome, memory: string | null = null): Promise<void> {
    for (const rest of this.#limited.rest()) this.#add(toldText({ event: rest }));
    this.#lines.push(Promise.resolve(toldText({ end: outcome, ...(memory !== null && { memory }) })));
    await this.flush(true);
  }

  /** Rejects with a UserError where the server stays away. */
  async flush(closes = false): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = this.#lines;
    this.#lines = [];
    this.#writing = this.#writing.then(async () => this.#append(await Promise.all(lines), closes));
    await this.#writing;
  }

  #add(line: string, ready: Promise<unknown> = Promise.resolve()): void {
    this.#lines.push(
      ready.then(
        () => line,
        () => line,
      ),
    );
    // What went wrong is told by whoever waits.
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), GATHER_MS);
  }

  async #append(lines: string[], closes: boolean): Promise<void> {
    if (this.#fault !== null) throw this.#fault as Error;
    if (lines.length === 0 || this.#isLost) return;
    try {
      if (!(await this.#logs.append(this.#log, this.#claim, lines, { closes }))) this.#lose();
      else if (this.#claim === UNCLAIMED) this.#claim = 1;
    } catch (error) {
      this.#fault = error;
      this.#lost();
      throw error;
    }
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#lost();
  }
}
