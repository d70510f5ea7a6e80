import type { HostEvent } from "../model/hostProtocol.ts";

const FLUSH_MS = 20;

/** Joins log events that follow each other closely, so that a chatty agent costs its observers few messages. Order is kept. */
export class LogBatch {
  readonly #send: (event: HostEvent) => void;
  #waiting: { stream: "stdout" | "stderr"; texts: string[] } | null = null;
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
      this.#waiting = { stream: event.stream, texts: [] };
    }
    this.#waiting.texts.push(event.text);
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
