/** A message was not delivered to all of its subscribers: the connection to some of them closed. */
export class UndeliveredError extends Error {
  /** Names the class, also across copies of this library. */
  override readonly name = "UndeliveredError";
  /** What the message was published under. */
  readonly topic: string;

  /** `why` is the part of a sentence that follows "because". */
  constructor(topic: string, why: string) {
    super(
      `A message of topic "${topic}" may not have reached all of its subscribers, because ${why}. Subscribers of this bus have it.`,
    );
    this.topic = topic;
  }
}

/** One message on its way to several receivers, each of which accepts it at once or later. */
export class Delivery {
  /** One more than those who have not accepted it: whoever hands it out counts, until {@link whenDone}. */
  #open = 1;
  #failure: string | null = null;
  #done: ((failure: string | null) => void) | null = null;

  /** A receiver takes its time. */
  hold(): void {
    this.#open += 1;
  }

  /** A receiver that took its time has accepted the message, or never will. */
  release(failure: string | null = null): void {
    this.#failure ??= failure;
    this.#open -= 1;
    if (this.#open === 0) this.#done?.(this.#failure);
  }

  /** Called once, after the message was handed to all receivers; calls back at once where all have accepted it. */
  whenDone(done: (failure: string | null) => void): void {
    this.#done = done;
    this.release();
  }

  /** Whether only the one who hands it out is still counted. */
  get accepted(): boolean {
    return this.#open === 1 && this.#failure === null;
  }
}
