import type { HostEvent } from "../model/hostProtocol.ts";

const FLUSH_MS = 20;
/** In UTF-16 units: what an observer can take in at once without a pause. */
const FLUSH_SIZE = 64 * 1024;
/** So many events go out at once, and then one each FLUSH_MS: an agent in a synchronous loop lets no timer run. */
const BURST = 100;

/** Joins log events where a chatty agent sends many in a short time, so that it costs its observers few messages. Order is kept. */
export class LogBatch {
  readonly #send: (event: HostEvent) => void;
  #waiting: { stream: "stdout" | "stderr"; texts: string[]; size: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #held: { event: HostEvent; immediate: NodeJS.Immediate } | null = null;
  #credit = BURST;
  #creditAt = performance.now();

  constructor(send: (event: HostEvent) => void) {
    this.#send = send;
  }

  push(event: HostEvent): void {
    if (event.type !== "log") {
      this.flush();
      this.#send(event);
      return;
    }
    if (this.#held !== null || this.#waiting?.stream !== event.stream) {
      this.flush();
      this.#waiting = { stream: event.stream, texts: [], size: 0 };
    }
    this.#waiting.texts.push(event.text);
    this.#waiting.size += event.text.length;
    if (this.#waiting.size >= FLUSH_SIZE || this.#pay()) {
      this.flush();
      return;
    }
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Sends an event with the end of the run, where that comes in this turn of the event loop: then it costs no message of its own. */
  hold(event: HostEvent): void {
    this.flush();
    this.#held = { event, immediate: setImmediate(() => this.flush()) };
  }

  /** The event that is held, which from now on is the caller's. */
  take(): HostEvent | null {
    const held = this.#held;
    this.#held = null;
    if (held === null) return null;
    clearImmediate(held.immediate);
    return held.event;
  }

  #pay(): boolean {
    const now = performance.now();
    this.#credit = Math.min(BURST, this.#credit + (now - this.#creditAt) / FLUSH_MS);
    this.#creditAt = now;
    if (this.#credit < 1) return false;
    this.#credit--;
    return true;
  }

  flush(): void {
    const held = this.take();
    if (held !== null) this.#send(held);
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) this.#send({ type: "log", stream: waiting.stream, text: waiting.texts.join("") });
  }
}
