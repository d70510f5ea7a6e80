import type { Answer } from "../model/runRecord.ts";
import type { Answerer } from "../runtime/index.ts";

/** Where the agent of this thread waits for the answers that a person gives elsewhere. Its questions wait for each other. */
export class AnswerBox {
  readonly #onWaiting: (waits: boolean) => void;
  #take: ((answer: Answer) => void) | null = null;

  /** @param onWaiting told when the agent begins and ends to wait */
  constructor(onWaiting: (waits: boolean) => void) {
    this.#onWaiting = onWaiting;
  }

  readonly answerer: Answerer = (_question, { signal }) =>
    new Promise((resolve) => {
      const take = (answer: Answer | undefined) => {
        if (this.#take !== take) return;
        this.#take = null;
        this.#onWaiting(false);
        resolve(answer);
      };
      this.#take = take;
      this.#onWaiting(true);
      // Nobody waits any more; what is resolved then reaches nobody.
      signal.addEventListener("abort", () => take(undefined), { once: true });
    });

  /** Answers false where nobody waits. */
  put(answer: Answer): boolean {
    const take = this.#take;
    take?.(answer);
    return take !== null;
  }
}
