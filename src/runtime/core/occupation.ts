import { AgentUsageError } from "./errors.ts";

const doing = { initialize: "is initializing", execute: "is executing", shutdown: "is shutting down" };
const verbs = { initialize: "initialize", execute: "execute", shutdown: "shut down" };
const abandoned = "has not ended the work that was aborted";
/** What an agent can be occupied with. */
export type Activity = keyof typeof doing;

/** What an agent does now: one thing at a time. */
export class Occupation {
  readonly #agent: string;
  #doing: string | null = null;
  /** Undoes what aborted work, which goes on, has changed. */
  #undo: (() => void) | null = null;

  constructor(agent: string) {
    this.#agent = agent;
  }

  /** Throws an {@link AgentUsageError} where the agent is occupied; aborted work does not keep it from shutting down. */
  begin(activity: Activity): void {
    const leaves = activity === "shutdown" && this.#doing === abandoned;
    if (this.#doing !== null && !leaves) {
      const way =
        this.#doing === abandoned ? "wait until it has, or shut it down" : "await its result before";
      throw new AgentUsageError(
        `Agent "${this.#agent}" cannot ${verbs[activity]} now: it ${this.#doing}. ` +
          `An agent does one thing at a time: ${way}.`,
      );
    }
    this.#doing = doing[activity];
  }

  end(): void {
    this.#doing = this.#undo === null ? null : abandoned;
  }

  /** Aborted work goes on: it occupies the agent until it is done, and what it changes is undone then. */
  abandon(work: Promise<unknown>, undo: () => void): void {
    this.#doing = abandoned;
    this.#undo = undo;
    const done = () => {
      if (this.#undo !== undo) return;
      this.undoAbandoned();
      if (this.#doing === abandoned) this.#doing = null;
    };
    work.then(done, done);
  }

  /** Undoes what aborted work has changed so far, for good. */
  undoAbandoned(): void {
    const undo = this.#undo;
    this.#undo = null;
    undo?.();
  }
}
