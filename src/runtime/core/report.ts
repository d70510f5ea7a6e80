import { isPromiseLike } from "./collect.ts";
import { describeError } from "./errors.ts";
import type { AgentEvent } from "./events.ts";

/** What an execution tells: events while it goes on, warnings with its result. */
export class Report {
  readonly #warnings: Set<string>;
  readonly #listener: (event: AgentEvent) => unknown;
  #over = false;

  constructor(warnings: readonly string[], listener: (event: AgentEvent) => unknown) {
    this.#warnings = new Set(warnings);
    this.#listener = listener;
  }

  /** Each once. */
  get warnings(): string[] {
    return [...this.#warnings];
  }

  warn(...warnings: string[]): void {
    for (const warning of warnings) this.#warnings.add(warning);
  }

  /** Whether the result is out. */
  get over(): boolean {
    return this.#over;
  }

  /** Nothing is told after the result. */
  close(): void {
    this.#over = true;
  }

  emit(event: AgentEvent): void {
    if (!this.#over) this.try("A listener failed", () => this.#listener(event));
  }

  /** What is beside the point of an execution must not end it. */
  try(otherwise: string, action: () => unknown): void {
    const failed = (error: unknown) => this.warn(`${otherwise}: ${describeError(error).message}`);
    try {
      const answer = action();
      if (isPromiseLike(answer)) answer.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }
}
