import { LINE_BYTES } from "./keeping.ts";
import type { Write, Writes } from "./writes.ts";

export interface Addition {
  claim: number | null;
  lines: readonly string[];
  closes: boolean;
}

interface Waiting extends Addition {
  resolve(added: boolean): void;
  reject(error: unknown): void;
}

/** Characters. What is longer goes in a call of its own. */
const MOST_TOGETHER = 1_000_000;

/** Adds lines to logs: what comes while a log is being added to goes together in the next call. */
export class Appends {
  readonly #writes: Writes;
  readonly #send: (name: string, addition: Addition, write: Write) => Promise<boolean>;
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(writes: Writes, send: (name: string, addition: Addition, write: Write) => Promise<boolean>) {
    this.#writes = writes;
    this.#send = send;
  }

  add(name: string, addition: Addition): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(name);
      const one = { ...addition, resolve, reject };
      if (waiting === undefined) this.#waiting.set(name, [one]);
      else waiting.push(one);
      void this.#writes.next(name, (write) => this.#sendNext(name, write));
    });
  }

  async #sendNext(name: string, write: Write): Promise<void> {
    const together = this.#take(name);
    const last = together.at(-1);
    // It went with one before.
    if (last === undefined) return;
    const lines = together.length === 1 ? last.lines : together.flatMap((one) => one.lines);
    try {
      const added = await this.#send(name, { ...last, lines }, write);
      for (const one of together) one.resolve(added);
    } catch (error) {
      for (const one of together) one.reject(error);
    }
  }

  #take(name: string): Waiting[] {
    const waiting = this.#waiting.get(name) ?? [];
    let length = 0;
    let count = 0;
    for (const { claim, lines, closes } of waiting) {
      length += lines.reduce((sum, line) => sum + line.length + LINE_BYTES, 0);
      if (count > 0 && (claim !== waiting[0]?.claim || length > MOST_TOGETHER)) break;
      count += 1;
      if (closes) break;
    }
    const taken = waiting.splice(0, count);
    if (waiting.length === 0) this.#waiting.delete(name);
    return taken;
  }
}
