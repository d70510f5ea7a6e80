import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { endSilent, sizeOf } from "../../src/queue/silence.ts";
import { startProxy } from "./proxy.ts";
import { newQueue, openShared, SERVERS } from "./shares.ts";

const MIB = 2 ** 20;

afterEach(() => void vi.useRealTimers());

class FakeSocket extends EventEmitter {
  bytesRead = 0;
  ended = false;
  destroy(): void {
    this.ended = true;
    this.emit("close");
  }
}

function watched(sent: () => number | null) {
  vi.useFakeTimers();
  const socket = new FakeSocket();
  endSilent(socket as unknown as Socket, sent);
  return socket;
}

test("a connection is ended when no answer comes for 20 s, and never while it waits for none", async () => {
  let sent: number | null = null;
  const socket = watched(() => sent);
  await vi.advanceTimersByTimeAsync(60_000);
  sent = 10;
  await vi.advanceTimersByTimeAsync(15_000);
  socket.bytesRead += 1;
  await vi.advanceTimersByTimeAsync(19_000);
  expect(socket.ended).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(socket.ended).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is sent has a second more for each 256 KiB, what is received as long as it comes", async () => {
  let sent = 64 * MIB;
  const socket = watched(() => sent);
  await vi.advanceTimersByTimeAsync(270_000);
  expect(socket.ended).toBe(false);
  sent = 1;
  for (let second = 0; second < 60; second += 1) {
    socket.bytesRead += 1_000;
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(socket.ended).toBe(false);
  expect(sizeOf(["abc", 1, Buffer.alloc(5), ["de"]])).toBe(10);
});

describe("over a slow line", { concurrent: true }, () => {
  test.each(SERVERS)(
    "a large file reaches $kind, and a connection that says nothing any more is replaced",
    { timeout: 120_000 },
    async ({ start }) => {
      const server = await start();
      const proxy = await startProxy(server.url);
      const shared = await openShared(newQueue(proxy.url));
      const { files } = shared;
      try {
        const large = Buffer.alloc(44 * MIB, "x");
        await files.put("small", Buffer.from("1"));
        const before = proxy.connections;
        proxy.slow(1.6 * MIB);
        const startedAt = performance.now();
        const put = files.put("large", large);
        // Of other runs, and of the worker.
        await files.put("small", Buffer.from("2"));
        await put;
        // Longer than a connection may say nothing.
        expect(performance.now() - startedAt).toBeGreaterThan(22_000);
        expect(proxy.connections - before).toBeLessThanOrEqual(1);
        proxy.slow(null);
        expect((await files.get("large"))?.bytes.byteLength).toBe(large.byteLength);

        proxy.hush();
        const heard = files.put("small", Buffer.from("3"));
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        proxy.speak();
        await heard;
        expect(Buffer.from((await files.get("small"))?.bytes ?? []).toString()).toBe("3");
      } finally {
        await shared.close();
        await proxy.close();
        await server.stop();
      }
    },
  );
});
