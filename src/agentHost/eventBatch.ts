import type { HostEvent } from "../model/hostProtocol.ts";
import { addUsage } from "../model/usage.ts";

const FLUSH_MS = 20;
/** In UTF-16 units: what an observer can take in at once without a pause. */
const FLUSH_SIZE = 64 * 1024;
/** So many events go out at once, and then one each FLUSH_MS: an agent in a synchronous loop lets no timer run. */
const BURST = 100;

/**
 * Joins what an agent tells many times in a short time (log, progress, usage), so that it costs its observers few messages.
 * All of the log and the sum of the usage arrive; of progress, the last. Other events never overtake them.
 */
export class EventBatch {
  readonly #send: (event: HostEvent) => void;
  #waiting: HostEvent[] = [];
  #size = 0;
  #timer: NodeJS.Timeout | null = null;
  #held: HostEvent[] = [];
  #release: NodeJS.Immediate | undefined;
  #credit = BURST;
  #creditAt = performance.now();

  constructor(send: (event: HostEvent) => void) {
    this.#send = send;
  }

  push(event: HostEvent): void {
    if (this.#held.length > 0) this.flush();
    if (!this.#join(event)) {
      this.flush();
      this.#send(event);
      return;
    }
    if (this.#size >= FLUSH_SIZE || this.#pay()) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Leaves an event to the end of the run, where that comes in this turn of the event loop: then it costs no message of its own. */
  hold(event: HostEvent): void {
    if (this.#waiting.length > 0) this.flush();
    this.#held.push(event);
    this.#release ??= setImmediate(() => this.flush());
  }

  /** The events that are held, which from now on are the caller's. */
  take(): HostEvent[] {
    const held = this.#held;
    this.#held = [];
    clearImmediate(this.#release);
    this.#release = undefined;
    return held;
  }

  flush(): void {
    for (const event of this.take()) this.#send(event);
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    for (const event of waiting) this.#send(event);
  }

  /** Whether it may wait. */
  #join(event: HostEvent): boolean {
    if (event.type !== "log" && event.type !== "progress" && event.type !== "usage") return false;
    const at = this.#waiting.findLastIndex(({ type }) => type === event.type);
    const joined = joinedOf(this.#waiting[at], event);
    if (joined === null) this.#waiting.push(event);
    else this.#waiting[at] = joined;
    if (event.type === "log") this.#size += event.text.length;
    return true;
  }

  #pay(): boolean {
    const now = performance.now();
    this.#credit = Math.min(BURST, this.#credit + (now - this.#creditAt) / FLUSH_MS);
    this.#creditAt = now;
    if (this.#credit < 1) return false;
    this.#credit--;
    return true;
  }
}

function joinedOf(waiting: HostEvent | undefined, event: HostEvent): HostEvent | null {
  if (waiting?.type === "log" && event.type === "log" && waiting.stream === event.stream)
    return { ...event, text: waiting.text + event.text };
  if (waiting?.type === "progress" && event.type === "progress") return { ...waiting, ...event };
  if (waiting?.type === "usage" && event.type === "usage") return { ...event, ...addUsage(waiting, event) };
  return null;
}
