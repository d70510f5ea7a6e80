import type { HostEvent } from "../model/hostProtocol.ts";

const FLUSH_MS = 20;
/** In UTF-16 units: what an observer can take in at once without a pause. */
const FLUSH_SIZE = 64 * 1024;

/** Joins log events that follow each other closely, so that a chatty agent costs its observers few messages. Order is kept. */
export class LogBatch {
  readonly #send: (event: HostEvent) => void;
  #waiting: { stream: "stdout" | "stderr"; texts: string[]; size: number } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (event: HostEvent) => void) {
    this.#send = send;
  }

  push(event: HostEvent): void {
    if (event.type !== "log") {
      this.flush();
      this.#send(event);
      return;
    }
    if (this.#waiting?.stream !== event.stream) {
      this.flush();
      this.#waiting = { stream: event.stream, texts: [], size: 0 };
    }
    this.#waiting.texts.push(event.text);
    this.#waiting.size += event.text.length;
    if (this.#waiting.size >= FLUSH_SIZE) {
      this.flush();
      return;
    }
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) this.#send({ type: "log", stream: waiting.stream, text: waiting.texts.join("") });
  }
}
