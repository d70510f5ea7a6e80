import type { HostEvent, Outcome } from "../model/hostProtocol.ts";
import { remoteLine } from "../model/remoteRun.ts";
import { UserError } from "../model/userError.ts";
import type { Courier } from "./courier.ts";

/** A run that executes elsewhere, as far as this process has heard of it. */
export class FollowedRun {
  readonly job: string;
  /** Rejects only where something is wrong here. */
  readonly ended: Promise<Outcome>;
  readonly #root: string;
  readonly #courier: Courier;
  readonly #onEvent: (event: HostEvent) => void;
  readonly #warnings: string[] = [];
  #last: Promise<void> = Promise.resolve();
  #resolve: (outcome: Outcome) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  /** @param root the folder whose checkpoints are to be there before they are told */
  constructor(job: string, root: string, courier: Courier, onEvent: (event: HostEvent) => void) {
    this.job = job;
    this.#root = root;
    this.#courier = courier;
    this.#onEvent = onEvent;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Takes the next lines of its log. */
  hear(lines: readonly string[]): void {
    for (const line of lines) this.#last = this.#last.then(() => this.#take(line));
    this.#last.catch((error: unknown) => this.fail(error));
  }

  /** Ends it from here, where its log does not. */
  end(outcome: Outcome): void {
    this.#resolve({ ...outcome, warnings: [...outcome.warnings, ...this.#warnings] });
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  async #take(text: string): Promise<void> {
    const line = remoteLine(text);
    if (line === null)
      this.#warn("Its worker told something that this version of opsvi-agents does not know.");
    else if ("end" in line) this.end(line.end);
    else {
      if (line.event.type === "checkpoint") await this.#fetch(line.event.id);
      this.#onEvent(line.event);
    }
  }

  async #fetch(id: string): Promise<void> {
    try {
      await this.#courier.fetch(this.#root, id);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#warn(error.message);
    }
  }

  #warn(sentence: string): void {
    if (!this.#warnings.includes(sentence)) this.#warnings.push(sentence);
  }
}
