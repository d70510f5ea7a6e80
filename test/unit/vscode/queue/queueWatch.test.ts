import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { UserError } from "../../../../src/model/userError.ts";
import type { Queue } from "../../../../src/queue/queue.ts";
import { QueueWatch } from "../../../../src/vscode/queue/queueWatch.ts";
import { FakeQueue } from "./fakeQueue.ts";

const EVERY_MS = 20;

function listener() {
  const told: string[] = [];
  return {
    told,
    onState: ({ counts }: { counts: { waiting: number } }) => void told.push(`${counts.waiting} waiting`),
    onProblem: (error: unknown) => void told.push((error as Error).message),
  };
}

describe("Whoever watches a queue", () => {
  it("is told again and again how it stands, until that ends, and leaves no connection", async () => {
    let waiting = 0;
    const queue = new FakeQueue(() => Promise.resolve({ waiting: (waiting += 1), delayed: 0, active: 0 }));
    const { told, ...listening } = listener();
    const watch = new QueueWatch(() => Promise.resolve<Queue>(queue), listening, EVERY_MS);
    await vi.waitFor(() => expect(told.slice(0, 3)).toEqual(["1 waiting", "2 waiting", "3 waiting"]));
    await watch.close();
    const asked = waiting;
    await pause(4 * EVERY_MS);
    expect([waiting, queue.closed]).toEqual([asked, 1]);
  });

  it("is told what is wrong, and that it is well again", async () => {
    const answers: (Queue | UserError)[] = [new UserError("It is away."), new FakeQueue()];
    const open = () => {
      const answer = answers.shift();
      return answer instanceof UserError ? Promise.reject(answer) : Promise.resolve(answer as Queue);
    };
    const { told, ...listening } = listener();
    const watch = new QueueWatch(open, listening, EVERY_MS);
    await vi.waitFor(() => expect(told.slice(0, 2)).toEqual(["It is away.", "0 waiting"]));
    await watch.close();
  });

  it("is told that it does not answer, long before whoever asked gives up", async () => {
    const queue = new FakeQueue(() => new Promise(() => undefined));
    const { told, ...listening } = listener();
    const watch = new QueueWatch(() => Promise.resolve<Queue>(queue), listening, EVERY_MS);
    await vi.waitFor(() => expect(told).toEqual(["The queue redis://localhost (q) does not answer."]));
    await watch.close();
  });

  it("is told nothing once it ended, also where it was being opened then", async () => {
    const queue = new FakeQueue();
    let resolve: (queue: Queue) => void = () => undefined;
    const promise = new Promise<Queue>((done) => (resolve = done));
    const { told, ...listening } = listener();
    const watch = new QueueWatch(() => promise, listening, EVERY_MS);
    await watch.close();
    resolve(queue);
    await vi.waitFor(() => expect(queue.closed).toBe(1));
    await pause(2 * EVERY_MS);
    expect(told).toEqual([]);
  });
});
