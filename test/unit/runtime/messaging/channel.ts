import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import type { PortLike } from "../../../../src/runtime/messaging/port.ts";

/** One end of a channel whose packets arrive when the test says so. */
export class TestPort extends EventEmitter implements PortLike {
  readonly waiting: unknown[] = [];
  /** Every packet that this end has sent. */
  readonly sent: { items: unknown[] }[] = [];
  other!: TestPort;
  closed = false;

  postMessage(value: unknown): void {
    if (this.closed) return;
    const copy = structuredClone(value) as { items: unknown[] };
    this.sent.push(copy);
    this.other.waiting.push(copy);
  }

  /** Delivers the next packet to this end. */
  deliver(): void {
    if (this.waiting.length > 0) this.emit("message", this.waiting.shift());
  }

  close(): void {
    this.closed = true;
    this.other.closed = true;
    queueMicrotask(() => {
      while (this.other.waiting.length > 0) this.other.deliver();
      this.emit("close");
      this.other.emit("close");
    });
  }

  /** What a thread that is gone leaves. */
  die(): void {
    this.waiting.length = 0;
    this.other.waiting.length = 0;
    this.close();
  }
}

export function testChannel(): [TestPort, TestPort] {
  const [a, b] = [new TestPort(), new TestPort()];
  a.other = b;
  b.other = a;
  return [a, b];
}

/** Delivers packets until none come any more. */
export async function settle(ports: readonly TestPort[]): Promise<void> {
  let quiet = 0;
  for (let round = 0; quiet < 3; round += 1) {
    if (round === 1000) throw new Error("The buses never come to rest.");
    const before = ports.reduce((sum, { sent }) => sum + sent.length, 0);
    for (const port of ports) while (port.waiting.length > 0) port.deliver();
    await turn();
    const after = ports.reduce((sum, { sent }) => sum + sent.length, 0);
    quiet = before === after && ports.every(({ waiting }) => waiting.length === 0) ? quiet + 1 : 0;
  }
}
