import type { Outcome } from "../model/hostProtocol.ts";
import { usualPriority } from "../model/turn.ts";
import type { Company } from "./company.ts";
import { notBegun } from "./notBegun.ts";
import { sleepUntil } from "./sleepUntil.ts";
import type { Slots, StartRequest } from "./startRequest.ts";

interface Parts {
  company: Company;
  asked: StartRequest;
  /** How many runs of all may be at work. */
  slots: Slots | undefined;
  /** How many of its agent, where this has a limit. */
  ofAgent: Slots | undefined;
  /** Aborts when the run is ended from outside. */
  stop: AbortSignal;
}

interface Taking {
  /** Resolves once the run can begin. */
  prepared: Promise<unknown>;
  getReady: () => Promise<void>;
  begin: () => Promise<Outcome>;
}

/** The turn of a run: it waits for its time and for slots, which whoever ends the run leaves at once. */
export class RunTurn {
  readonly #parts: Parts;
  readonly #slots: readonly Slots[];
  /** As `performance.now()` tells it. */
  readonly #queuedAt = performance.now();
  #waits = false;
  #leave: (outcome: Outcome) => void = () => undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#slots = [parts.asked.turns, parts.ofAgent, parts.slots].filter((each) => each !== undefined);
  }

  get isWaitedFor(): boolean {
    return this.#waits;
  }

  /** Whether nobody else waits for what it needs. */
  get isNext(): boolean {
    return this.#waits && this.#slots.every(({ pendingCount }) => pendingCount === 0);
  }

  /** Ends the waiting, if any, with an outcome. */
  leave(outcome: Outcome): void {
    this.#leave(outcome);
  }

  /** @param delayMs since the run was queued, before which it does not begin */
  async take({ prepared, getReady, begin }: Taking, delayMs = 0): Promise<Outcome> {
    const { company, asked, ofAgent, stop } = this.#parts;
    this.#waits = true;
    const left = new Promise<Outcome>((resolve) => {
      this.#leave = (outcome) => {
        this.#waits = false;
        resolve(outcome);
      };
    });
    const beginStill = async () => {
      if (!this.#waits) return notBegun;
      this.#waits = false;
      this.#leave = () => undefined;
      return begin();
    };
    const { priority = usualPriority } = asked;
    const inTurn = () =>
      company.inTurn({ getReady, begin: beginStill, slots: this.#slots, ofAgent, priority });
    const delayed = async () => {
      await prepared;
      await sleepUntil(this.#queuedAt + delayMs, stop);
      return this.#waits ? inTurn() : notBegun;
    };
    return Promise.race([left, delayMs === 0 ? inTurn() : delayed()]);
  }
}
